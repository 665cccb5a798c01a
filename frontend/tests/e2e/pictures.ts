import { crc32, deflateSync } from 'node:zlib'

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type), data])
  const framed = Buffer.alloc(body.length + 8)
  framed.writeUInt32BE(data.length, 0)
  body.copy(framed, 4)
  framed.writeUInt32BE(crc32(body), body.length + 4)
  return framed
}

/** A picture in one colour. */
export function png(width: number, height: number, [red, green, blue]: readonly [number, number, number] = [40, 120, 200]): Buffer {
  const head = Buffer.alloc(13)
  head.writeUInt32BE(width, 0)
  head.writeUInt32BE(height, 4)
  head.set([8, 2], 8)
  const line = Buffer.alloc(1 + width * 3)
  for (let x = 0; x < width; x++) line.set([red, green, blue], 1 + x * 3)
  const lines = Buffer.concat(Array.from({ length: height }, () => line))
  return Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), chunk('IHDR', head), chunk('IDAT', deflateSync(lines)), chunk('IEND', Buffer.alloc(0))])
}

/** A file as a browser's dialog hands it over. */
export const picked = (name: string, buffer: Buffer, mimeType = 'application/octet-stream') => ({ name, mimeType, buffer })
export const text = (name: string, words = 'a text\n') => picked(name, Buffer.from(words), 'text/plain')
export const photo = (name: string, width = 800, height = 600, colour?: readonly [number, number, number]) => picked(name, png(width, height, colour), 'image/png')
