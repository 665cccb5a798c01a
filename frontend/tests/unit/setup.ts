import 'fake-indexeddb/auto'
import { IDBFactory } from 'fake-indexeddb'
import { beforeEach } from 'vitest'

// The files share a document, and what one left on the disk is not for the next.
beforeEach(() => {
  indexedDB = new IDBFactory()
})

// jsdom reads a file in the old way alone.
Blob.prototype.arrayBuffer ??= function (this: Blob) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader()
    reader.onload = () => resolve(reader.result as ArrayBuffer)
    reader.onerror = () => reject(reader.error ?? new Error('not read'))
    reader.readAsArrayBuffer(this)
  })
}

// Nor does it scroll.
Element.prototype.scrollIntoView ??= () => {}
Element.prototype.scrollTo ??= () => {}

// jsdom has no media; a browser with a mouse and without wishes answers so.
window.matchMedia ??= (media) =>
  ({ matches: false, media, onchange: null, addEventListener() {}, removeEventListener() {}, addListener() {}, removeListener() {}, dispatchEvent: () => false }) as MediaQueryList
