// Keeps the page itself at hand, so that it opens without a network. What the
// school wrote is never kept here.
const cacheName = 'homeroom-31c1a1152c8f'
const files = [
  "/",
  "/icon.svg",
  "/assets/ActionSheet-Woloaxqa.js",
  "/assets/AdminAudit-BO0QfAHD.js",
  "/assets/AdminClasses-IdCerAwn.js",
  "/assets/AdminFigures-DxmWWUmn.js",
  "/assets/AdminReports-Dgli941L.js",
  "/assets/AdminTokens-Bti_DwwV.js",
  "/assets/AdminUsers-ZIqOStKN.js",
  "/assets/AdminView-DPYbrDEP.js",
  "/assets/ChatView-DxhBeWCm.js",
  "/assets/ComposerFiles-BJjdXn6v.js",
  "/assets/CreateClassDialog-CO1LZ2yo.js",
  "/assets/DetailsPanel-DR1ZVO6R.js",
  "/assets/EmojiPicker-QIl9WMH8.js",
  "/assets/FactorView-BJXZxeCY.js",
  "/assets/JoinView-DQP41-Lc.js",
  "/assets/KeysDialog-BgwHpHvA.js",
  "/assets/ManageAbout-hn3SQtuf.js",
  "/assets/ManageClassView-BMkhXddD.js",
  "/assets/ManageCodes-ZGeNgeBF.js",
  "/assets/ManageMembers-CUNEu_0g.js",
  "/assets/ManageReports-BpElNwzV.js",
  "/assets/MessageEditor-ChJ6HLBB.js",
  "/assets/NameDialog-DZqLnAET.js",
  "/assets/NotFoundView-D5lHuSJb.js",
  "/assets/NoticeBar-B4M5VqU4.js",
  "/assets/NoticesPanel-BUdTFPML.js",
  "/assets/PaletteDialog-BRs1WgGk.js",
  "/assets/PasswordDialog-CXwAmsc5.js",
  "/assets/PictureDialog-CMMbNwAM.js",
  "/assets/ProfileSettings-3Ytw1vOn.js",
  "/assets/ReportDialog-DPdV9iGE.js",
  "/assets/SessionSettings-D-iIMLfn.js",
  "/assets/SetUpView-Pmoe3G8o.js",
  "/assets/SettingsView-BqhJp8Df.js",
  "/assets/SignInView-C_Vr9iYZ.js",
  "/assets/TokenSettings-DyilpbYN.js",
  "/assets/VersionsDialog-CT_SR2H6.js",
  "/assets/en-ZyRI3Xod.js",
  "/assets/highlight-Dv_dwV5h.js",
  "/assets/index-BFMgRmqZ.js",
  "/assets/markdown-B9EeQ0I9.js",
  "/assets/rolldown-runtime-XKyaHtl9.js",
  "/assets/shared-BHTC3lLW.js",
  "/assets/shared-BPZg__Es.js",
  "/assets/shared-BRAdYE1Y.js",
  "/assets/shared-C0A-BKxZ.js",
  "/assets/shared-C27lhWOk.js",
  "/assets/shared-CNv5scBp.js",
  "/assets/shared-CuNbwEZr.js",
  "/assets/shared-D3kSABGD.js",
  "/assets/shared-DtYremgJ.js",
  "/assets/shared-DvvGNSXW.js",
  "/assets/shared-DyDZQ2ZC.js",
  "/assets/shared-a0lBTI-2.js",
  "/assets/style-C5-03XWN.css",
  "/assets/zh-CN-Bamas8M7.js"
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
