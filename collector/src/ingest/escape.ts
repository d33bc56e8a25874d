/**
 * Line protocol's escapes.
 *
 * A backslash escapes only the characters that would end the word; before any other character it
 * stands for itself. https://docs.influxdata.com/influxdb/v1/write_protocols/line_protocol_reference/
 */

/** Of measurements, tag keys, tag values and field keys, as received. */
export const unescapeName = (text: string) => (text.includes('\\') ? text.replace(/\\([,= ])/g, '$1') : text)

/** Of a string field, without its quotes. */
export const unescapeString = (text: string) => (text.includes('\\') ? text.replace(/\\(["\\])/g, '$1') : text)

/** An equals sign needs no escape in a measurement, except behind a backslash, which would otherwise swallow itself. */
export const escapeMeasurement = (text: string) => text.replace(/[, ]|(?<=\\)=/g, '\\$&')

/** For tag keys, tag values and field keys. */
export const escapeKey = (text: string) => text.replace(/[,= ]/g, '\\$&')

export const quoteString = (text: string) => `"${text.replace(/["\\]/g, '\\$&')}"`
