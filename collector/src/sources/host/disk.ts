import type { FileSystemSizes } from '../../model/kinds.ts'
import { type Gauge, type GaugeDoors, type HostPoint, parseRows, toIntegers, toPercent } from './reading.ts'

/** File systems that hold no data of their own, or that may hang when asked (network, fuse). */
const leftOut = new Set([
  'tmpfs',
  'devtmpfs',
  'ramfs',
  'squashfs',
  'iso9660',
  'overlay',
  'aufs',
  'nfs',
  'nfs4',
  'cifs',
  'smb3',
  'autofs',
  '9p',
])

export type Mount = { readonly device: string; readonly path: string; readonly type: string; readonly mode: 'rw' | 'ro' }

// Single files that a container engine mounts from its host's disk.
const mountedFiles = new Set(['/etc/hosts', '/etc/hostname', '/etc/resolv.conf', '/dev/termination-log'])

const patienceMs = 2000

/** Bytes and inodes of every mounted file system with storage of its own; inside a container also of its root. */
export function createDiskGauge(): Gauge {
  // A dead disk never answers. It must not be asked again meanwhile: each question holds one of the process's few threads.
  const unanswered = new Set<string>()

  async function sizesOf(path: string, { statfs, clock, warn }: GaugeDoors): Promise<FileSystemSizes | undefined> {
    if (unanswered.has(path)) return undefined
    unanswered.add(path)
    const asked = statfs(path).finally(() => unanswered.delete(path))
    const { promise: late, resolve } = Promise.withResolvers<undefined>()
    const cancel = clock.after(patienceMs, () => {
      warn(`the file system at ${path} does not answer; it is left out until it does`)
      resolve(undefined)
    })
    return Promise.race([asked.catch(() => undefined), late]).finally(cancel)
  }

  return async (doors) => {
    const mounts = parseMounts(await doors.readFile('/proc/self/mounts'))
    const points = await Promise.all(
      mounts.map(async (mount) => {
        const sizes = await sizesOf(mount.path, doors)
        return sizes && sizes.blocks > 0 ? toPoint(mount, sizes) : []
      }),
    )
    return points.flat()
  }
}

/** One mount for each device: the first, which is not a bind mount of a part of it. */
export function parseMounts(text: string): readonly Mount[] {
  const seen = new Set<string>()
  return parseRows(text).flatMap(([device = '', path = '', type = '', options = '']) => {
    const isStorage = device.startsWith('/dev/') ? !leftOut.has(type) && !type.startsWith('fuse') : type === 'zfs' || type === 'btrfs'
    const isRoot = path === '/' && type !== 'rootfs'
    if (!(isStorage || isRoot) || mountedFiles.has(path) || seen.has(device)) return []
    seen.add(device)
    const mode = options.split(',').includes('ro') ? 'ro' : 'rw'
    return [{ device: device.replace('/dev/', ''), path: unescapeOctal(path), type, mode }]
  })
}

/** Blanks in a path are written as `\040`. */
function unescapeOctal(path: string): string {
  return path.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)))
}

function toPoint({ device, path, type, mode }: Mount, sizes: FileSystemSizes): HostPoint[] {
  const used = (sizes.blocks - sizes.bfree) * sizes.bsize
  const free = sizes.bavail * sizes.bsize
  // As df does: what root keeps for itself belongs to neither side.
  const used_percent = toPercent(used, used + free)
  const inodesUsed = sizes.files - sizes.ffree
  const inodes = sizes.files > 0 ? { inodes_total: sizes.files, inodes_free: sizes.ffree, inodes_used: inodesUsed } : {}
  const fields = {
    ...toIntegers({ total: sizes.blocks * sizes.bsize, free, used, ...inodes }),
    used_percent,
    ...(sizes.files > 0 && { inodes_used_percent: toPercent(inodesUsed, sizes.files) }),
  }
  return [{ measurement: 'disk', tags: { path, device, fstype: type, mode }, fields }]
}
