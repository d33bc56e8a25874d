/** One thing worth knowing, as a name and a text. */
export type Fact = {
  readonly name: string
  readonly text: string
  /** Where it is shown. */
  readonly url?: string
  /** A person may paste it into a shell: it is told whole or not at all. */
  readonly isCommand?: boolean
}

export type Link = { readonly text: string; readonly url: string }

/** A longer address leads nowhere in most browsers, and would leave no room for what is to be told. */
const addressMax = 1500

/** Only web addresses become links. */
function isAddress(url: string | null | undefined): url is string {
  return url != null && url.length <= addressMax && /^https?:\/\//.test(url) && URL.canParse(url)
}

export const linkTo = (text: string, url: string | null | undefined): readonly Link[] => (isAddress(url) ? [{ text, url }] : [])

export const shownAt = (url: string | null | undefined): Pick<Fact, 'url'> => (isAddress(url) ? { url } : {})
