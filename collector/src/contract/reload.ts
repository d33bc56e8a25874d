/** `POST /api/v1/admin/reload`, and `reload` of `GET /api/v1/status`. */
export type ReloadStatus = {
  /** False: the rules and routes before stay in force. */
  ok: boolean
  at: string
  message: string
}
