// Keeps the page itself at hand, so that it opens without a network. What the
// school wrote is never kept here.
const cacheName = 'homeroom-576f70427bf1'
const files = [
  "/",
  "/icon.svg",
  "/assets/ActionSheet-Eu1K1C9o.js",
  "/assets/AdminAudit-DcJCTwUd.js",
  "/assets/AdminClasses-S4c5v_s4.js",
  "/assets/AdminFigures-CE2Q7w5T.js",
  "/assets/AdminReports-C7z6YII2.js",
  "/assets/AdminTokens-DQnr0KO6.js",
  "/assets/AdminUsers-Dsqn0XeQ.js",
  "/assets/AdminView-2_FfaTR5.js",
  "/assets/ChatView-B6INamSg.js",
  "/assets/ComposerFiles-VeJXcX6q.js",
  "/assets/CreateClassDialog-BZWukVfc.js",
  "/assets/DetailsPanel-d3NeC0Yp.js",
  "/assets/EmojiPicker-BF-k6EXE.js",
  "/assets/FactorView-DXqE3aSt.js",
  "/assets/JoinView-BNgn8QDR.js",
  "/assets/KeysDialog-D9NVJyy9.js",
  "/assets/ManageAbout-DQKzWFKU.js",
  "/assets/ManageClassView-DE57LZCv.js",
  "/assets/ManageCodes-7W3_R9H1.js",
  "/assets/ManageMembers-CgM7Tvu_.js",
  "/assets/ManageReports-DPB0M9Oq.js",
  "/assets/MessageEditor-DSiKG4xL.js",
  "/assets/NameDialog-Bvvg7MpR.js",
  "/assets/NotFoundView-DKpyZjKH.js",
  "/assets/NoticeBar-BiUVeXTO.js",
  "/assets/NoticesPanel-BZ-mLuv5.js",
  "/assets/PaletteDialog-tC1FXWwa.js",
  "/assets/PasswordDialog-DZ1vttAn.js",
  "/assets/PictureDialog-Dk9RrbHD.js",
  "/assets/ProfileSettings-Bsu-Cmr5.js",
  "/assets/ReportDialog-BluCIi7e.js",
  "/assets/SessionSettings-wvOilbSQ.js",
  "/assets/SetUpView-BL61RBEe.js",
  "/assets/SettingsView-nJPAu1oY.js",
  "/assets/SignInView-oitQqGro.js",
  "/assets/TokenSettings-DquwpEF6.js",
  "/assets/VersionsDialog-Drtrw1Oc.js",
  "/assets/en-DsKeAT8K.js",
  "/assets/highlight-Dv_dwV5h.js",
  "/assets/index-lzD8CK1_.js",
  "/assets/markdown-CRuuvoXq.js",
  "/assets/rolldown-runtime-XKyaHtl9.js",
  "/assets/shared-B-tvzs5_.js",
  "/assets/shared-B7ckkDjI.js",
  "/assets/shared-BqZanrN7.js",
  "/assets/shared-C5qx30Gz.js",
  "/assets/shared-D6wySV8_.js",
  "/assets/shared-DG0jGZ0J.js",
  "/assets/shared-DGtGhEz8.js",
  "/assets/shared-DZI0akKD.js",
  "/assets/shared-DqOcNald.js",
  "/assets/shared-DqgF9yQk.js",
  "/assets/shared-VhwSARdh.js",
  "/assets/shared-bBStng0v.js",
  "/assets/shared-bf-CKew2.js",
  "/assets/shared-wj2K9_H7.js",
  "/assets/style-Cbi0qj0-.css",
  "/assets/zh-CN-De1pBala.js"
]

self.addEventListener('install', (event) => {
  event.waitUntil(
    (async () => {
      const cache = await caches.open(cacheName)
      await cache.addAll(files.map((file) => new Request(file, { cache: file === '/' ? 'reload' : 'default' })))
      await self.skipWaiting()
    })(),
  )
})

self.addEventListener('activate', (event) => {
  event.waitUntil(
    (async () => {
      const names = await caches.keys()
      await Promise.all(names.filter((name) => name.startsWith('homeroom-') && name !== cacheName).map((name) => caches.delete(name)))
      await self.clients.claim()
    })(),
  )
})

async function page(request) {
  try {
    return await fetch(request)
  } catch (error) {
    const cache = await caches.open(cacheName)
    const kept = await cache.match('/')
    if (kept) return kept
    throw error
  }
}

async function asset(request) {
  const cache = await caches.open(cacheName)
  return (await cache.match(request)) ?? fetch(request)
}

self.addEventListener('fetch', (event) => {
  const { request } = event
  const url = new URL(request.url)
  if (request.method !== 'GET' || url.origin !== self.location.origin) return
  if (url.pathname.startsWith('/assets/')) event.respondWith(asset(request))
  else if (request.mode === 'navigate' && !/^\/(?:api|ws|wss)(?:\/|$)/.test(url.pathname)) event.respondWith(page(request))
})
