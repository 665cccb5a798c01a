import 'fake-indexeddb/auto'

// jsdom has no media; a browser with a mouse and without wishes answers so.
window.matchMedia ??= (media) =>
  ({ matches: false, media, onchange: null, addEventListener() {}, removeEventListener() {}, addListener() {}, removeListener() {}, dispatchEvent: () => false }) as MediaQueryList
