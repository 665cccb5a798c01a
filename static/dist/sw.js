// Keeps the page itself at hand, so that it opens without a network. What the
// school wrote is never kept here.
const cacheName = 'homeroom-56c8293487e5'
const files = [
  "/",
  "/icon.svg",
  "/assets/ActionSheet-CT2zr9Eb.js",
  "/assets/AdminAudit-Bbm_caw7.js",
  "/assets/AdminClasses-CSAgG2UM.js",
  "/assets/AdminFigures-DOEmi9jv.js",
  "/assets/AdminReports-kkU9rNHm.js",
  "/assets/AdminTokens-CFLzVZet.js",
  "/assets/AdminUsers-DZ6SFueY.js",
  "/assets/AdminView-DS5wOm1M.js",
  "/assets/ChatView-CDB1L9qW.js",
  "/assets/ComposerFiles-YTr2w3Fh.js",
  "/assets/CreateClassDialog-C-WRmsGk.js",
  "/assets/DetailsPanel-COj6q81r.js",
  "/assets/EmojiPicker-Cp4F83wY.js",
  "/assets/FactorView-Dsw9SFwQ.js",
  "/assets/JoinView-7DoI1t0S.js",
  "/assets/KeysDialog-DNodkpCu.js",
  "/assets/ManageAbout-BNLd_iNo.js",
  "/assets/ManageClassView-BZq1biq8.js",
  "/assets/ManageCodes-QcDHC8me.js",
  "/assets/ManageMembers-Bq77FSBo.js",
  "/assets/ManageReports-BooppRTD.js",
  "/assets/MessageEditor-UyHqkW-D.js",
  "/assets/NameDialog-BinMyuPj.js",
  "/assets/NotFoundView-CXa60agd.js",
  "/assets/NoticeBar-TjtMnUH6.js",
  "/assets/NoticesPanel-BeOuPN9S.js",
  "/assets/PaletteDialog-5rJJTRBb.js",
  "/assets/PasswordDialog-Dg7HvKEc.js",
  "/assets/PictureDialog-CbL_pwCR.js",
  "/assets/ProfileSettings-C82F3sY5.js",
  "/assets/ReportDialog-CnoyQxVu.js",
  "/assets/SessionSettings-IgJbKAX3.js",
  "/assets/SetUpView-C-pD0VFB.js",
  "/assets/SettingsView-BYdx4aKP.js",
  "/assets/SignInView-BGHO0tcX.js",
  "/assets/TokenSettings-DTDZmjwN.js",
  "/assets/VersionsDialog-CxOSSLRX.js",
  "/assets/en-D-ni2NCF.js",
  "/assets/highlight-Dv_dwV5h.js",
  "/assets/index-BgRIR6b8.js",
  "/assets/markdown-BWN4XNEl.js",
  "/assets/rolldown-runtime-XKyaHtl9.js",
  "/assets/shared-BzvZ6UNM.js",
  "/assets/shared-CV57jd7L.js",
  "/assets/shared-CbWSfAn-.js",
  "/assets/shared-CsE8G4bg.js",
  "/assets/shared-Cyc3kq4T.js",
  "/assets/shared-DKUROb7Q.js",
  "/assets/shared-DNM8XKhf.js",
  "/assets/shared-DTYsxH6n.js",
  "/assets/shared-DmC9XJYk.js",
  "/assets/shared-DuJlJL1b.js",
  "/assets/shared-U6SmvbTp.js",
  "/assets/shared-o5th1fFj.js",
  "/assets/style-DRer9XoP.css",
  "/assets/zh-CN-D9ItiC10.js"
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
