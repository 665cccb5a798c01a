// Keeps the page itself at hand, so that it opens without a network. What the
// school wrote is never kept here.
const cacheName = 'homeroom-c2d4130ebee0'
const files = [
  "/",
  "/icon.svg",
  "/assets/ActionSheet-DaQEcXRc.js",
  "/assets/AdminAudit-DxfqFmh5.js",
  "/assets/AdminClasses-Xwv-qCJx.js",
  "/assets/AdminFigures-st6kg-Tp.js",
  "/assets/AdminReports-BvrK8kXB.js",
  "/assets/AdminTokens-Cx9mjs_i.js",
  "/assets/AdminUsers-C_-uVLDR.js",
  "/assets/AdminView-BPylffxk.js",
  "/assets/ChatView-BZAYQSWw.js",
  "/assets/ComposerFiles-C3La3ihX.js",
  "/assets/CreateClassDialog-B6RMRhe-.js",
  "/assets/DetailsPanel-msyYyz9T.js",
  "/assets/EmojiPicker-CE2Tmvic.js",
  "/assets/FactorView-BetAqgSm.js",
  "/assets/JoinView-jgmzMaLE.js",
  "/assets/KeysDialog-CILlgrCM.js",
  "/assets/ManageAbout-D0OovtnJ.js",
  "/assets/ManageClassView-IbrbMlmD.js",
  "/assets/ManageCodes-CCSbtUyw.js",
  "/assets/ManageMembers-B0Sq4nMZ.js",
  "/assets/ManageReports-DQZJ9Z0x.js",
  "/assets/MessageEditor-C6jkQkSZ.js",
  "/assets/NameDialog-BbMDhIxo.js",
  "/assets/NotFoundView-BLh8Q7KA.js",
  "/assets/NoticeBar-B0b4qd8W.js",
  "/assets/NoticesPanel-CiQLDv0K.js",
  "/assets/PaletteDialog-C9j3JpdL.js",
  "/assets/PasswordDialog-BYYGGymD.js",
  "/assets/PictureDialog-CO-a-j72.js",
  "/assets/ProfileSettings-WHJY9cc5.js",
  "/assets/ReportDialog-COmuObzn.js",
  "/assets/SessionSettings-DUYSK8eX.js",
  "/assets/SetUpView-DNkDjCVu.js",
  "/assets/SettingsView-Bc4VBluR.js",
  "/assets/SignInView-B-9T60zM.js",
  "/assets/TokenSettings-Bq7g51DH.js",
  "/assets/VersionsDialog-CzflI3tX.js",
  "/assets/en-CQFw_Ijr.js",
  "/assets/highlight-Dv_dwV5h.js",
  "/assets/index-Cq9UI3OP.js",
  "/assets/markdown-D8xwRxFA.js",
  "/assets/rolldown-runtime-XKyaHtl9.js",
  "/assets/shared-5fYWxN6I.js",
  "/assets/shared-B16DDuXs.js",
  "/assets/shared-BV86CfHt.js",
  "/assets/shared-CuQ-6wYj.js",
  "/assets/shared-CxU1gHmr.js",
  "/assets/shared-D0niN5xd.js",
  "/assets/shared-DLRw190-.js",
  "/assets/shared-DTzBJPcr.js",
  "/assets/shared-DVNLX6Cv.js",
  "/assets/shared-DXYwaLfA.js",
  "/assets/shared-Io8bvBPZ.js",
  "/assets/shared-uH2UF6km.js",
  "/assets/shared-wRrzndH3.js",
  "/assets/style-BfsJq6Od.css",
  "/assets/zh-CN-1VR3Al0P.js"
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
