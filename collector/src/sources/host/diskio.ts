import { type Gauge, parseRows, toIntegers } from './reading.ts'

const sectorBytes = 512

/** Counters of every disk and partition since boot, from /proc/diskstats: bytes, calls, milliseconds. */
export const readDiskIo: Gauge = async ({ readFile }) => {
  const rows = parseRows(await readFile('/proc/diskstats'))
  return rows
    .filter(([, , name = '', reads, , , , writes]) => !/^(loop|ram|fd|sr)\d/.test(name) && (reads !== '0' || writes !== '0'))
    .map(([, , name = '', ...counters]) => {
      const [reads, mergedReads, sectorsRead, readTime, writes, mergedWrites, sectorsWritten, writeTime, inProgress, ioTime, weighted] =
        counters
      const fields = toIntegers({
        reads,
        writes,
        read_bytes: Number(sectorsRead) * sectorBytes,
        write_bytes: Number(sectorsWritten) * sectorBytes,
        read_time: readTime,
        write_time: writeTime,
        io_time: ioTime,
        weighted_io_time: weighted,
        iops_in_progress: inProgress,
        merged_reads: mergedReads,
        merged_writes: mergedWrites,
      })
      return { measurement: 'diskio', tags: { name }, fields }
    })
}
