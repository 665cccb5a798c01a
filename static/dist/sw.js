// Keeps the page itself at hand, so that it opens without a network. What the
// school wrote is never kept here.
const cacheName = 'homeroom-c0e81cb238a4'
const files = [
  "/",
  "/icon.svg",
  "/assets/ActionSheet-CZ2ajpyI.js",
  "/assets/AdminAudit-amBEKw22.js",
  "/assets/AdminClasses-65VW-XIZ.js",
  "/assets/AdminFigures-m-eIGdlP.js",
  "/assets/AdminReports-D5z_ldkY.js",
  "/assets/AdminTokens-Cdj68X7j.js",
  "/assets/AdminUsers-BqZgJfTi.js",
  "/assets/AdminView-CKrPHg7u.js",
  "/assets/ChatView-B9UnH8RF.js",
  "/assets/ComposerFiles-CUfGHDx8.js",
  "/assets/CreateClassDialog-CVMcK1SQ.js",
  "/assets/DetailsPanel--VaPT2Zy.js",
  "/assets/EmojiPicker-DvOUuPMu.js",
  "/assets/FactorView-C0bsLKLg.js",
  "/assets/JoinView-CziMeZeT.js",
  "/assets/KeysDialog-DzdDnWF5.js",
  "/assets/ManageAbout-Cd8z20Rq.js",
  "/assets/ManageClassView-C52RCs6h.js",
  "/assets/ManageCodes-B1mrcexk.js",
  "/assets/ManageMembers-4PdMrqTe.js",
  "/assets/ManageReports-C2jqLpzV.js",
  "/assets/MessageEditor-BOvhoOSx.js",
  "/assets/NameDialog-Ba4JNQ9Y.js",
  "/assets/NotFoundView-D7I-6UaY.js",
  "/assets/NoticeBar-BF6_nLIm.js",
  "/assets/NoticesPanel-dGiCOCGK.js",
  "/assets/PaletteDialog-Dc-DBV8_.js",
  "/assets/PasswordDialog-B5YtisGe.js",
  "/assets/PictureDialog-CqZkXfAc.js",
  "/assets/ProfileSettings-DM9GNXBo.js",
  "/assets/ReportDialog-DOTSgqcT.js",
  "/assets/SessionSettings-CdONIJVy.js",
  "/assets/SetUpView-WEp79fVc.js",
  "/assets/SettingsView-DWAAW3yY.js",
  "/assets/SignInView-DFjUd96r.js",
  "/assets/TokenSettings-Dwl_XBlt.js",
  "/assets/VersionsDialog-CUEWcm4v.js",
  "/assets/en-9yAvd5t_.js",
  "/assets/highlight-Dv_dwV5h.js",
  "/assets/index-Cy-VRvZd.js",
  "/assets/markdown-rp_3y7XI.js",
  "/assets/rolldown-runtime-XKyaHtl9.js",
  "/assets/shared-6lmsCDiR.js",
  "/assets/shared-B3CylhUg.js",
  "/assets/shared-B3tTbvR8.js",
  "/assets/shared-BTIYgqdx.js",
  "/assets/shared-BgMT5OsT.js",
  "/assets/shared-C9XEwRY-.js",
  "/assets/shared-CASWETnM.js",
  "/assets/shared-CiuVZl3I.js",
  "/assets/shared-DivUSKfC.js",
  "/assets/shared-dwnHxhMH.js",
  "/assets/shared-wOyM8ddg.js",
  "/assets/shared-wjz3sGv8.js",
  "/assets/style-DBToEUnr.css",
  "/assets/zh-CN-Bdz2Tl4D.js"
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
