// Keeps the page itself at hand, so that it opens without a network. What the
// school wrote is never kept here.
const cacheName = 'homeroom-e92767a06858'
const files = [
  "/",
  "/icon.svg",
  "/assets/ActionSheet-CWBNry8A.js",
  "/assets/AdminAudit-dE1XNRXh.js",
  "/assets/AdminClasses-CAawYbZL.js",
  "/assets/AdminFigures-6-26dwyj.js",
  "/assets/AdminReports-BhGYTDpS.js",
  "/assets/AdminTokens-YWusTbVY.js",
  "/assets/AdminUsers-je2UxTx6.js",
  "/assets/AdminView-C7cqxLzV.js",
  "/assets/ChatView-1LUnPDeV.js",
  "/assets/ComposerFiles-DP7jh--p.js",
  "/assets/CreateClassDialog-xQyIS4nx.js",
  "/assets/DetailsPanel-Cm5T3tL5.js",
  "/assets/EmojiPicker-BLoWhaLA.js",
  "/assets/FactorView-T-psll58.js",
  "/assets/JoinView-CI_1f8h-.js",
  "/assets/KeysDialog-gz__2OLS.js",
  "/assets/ManageAbout-DnG2UwEm.js",
  "/assets/ManageClassView-B2-cnb-X.js",
  "/assets/ManageCodes-DaCe07hR.js",
  "/assets/ManageMembers-DId6q0W5.js",
  "/assets/ManageReports-Ca0N1bq6.js",
  "/assets/MessageEditor-CYVCbpQQ.js",
  "/assets/NameDialog-DKxgx9-T.js",
  "/assets/NotFoundView-Ww8y4FCq.js",
  "/assets/NoticeBar-DYFjZLyP.js",
  "/assets/NoticesPanel-DEGdPCKn.js",
  "/assets/PaletteDialog-BD_7ql3Z.js",
  "/assets/PasswordDialog-DupO4zM9.js",
  "/assets/PictureDialog-BBpB4YAd.js",
  "/assets/ProfileSettings-DrTvSblt.js",
  "/assets/ReportDialog-BKLsdpFD.js",
  "/assets/SessionSettings-DsxQw4iy.js",
  "/assets/SetUpView-D1qyIR5b.js",
  "/assets/SettingsView-BoEMVAau.js",
  "/assets/SignInView-CfPCnTVM.js",
  "/assets/TokenSettings-BvofYTxl.js",
  "/assets/VersionsDialog-CT6Gt1Oz.js",
  "/assets/en-CMvVYGta.js",
  "/assets/highlight-Dv_dwV5h.js",
  "/assets/index-CvAnTk6i.js",
  "/assets/markdown-DgR6NKiQ.js",
  "/assets/rolldown-runtime-XKyaHtl9.js",
  "/assets/shared-BeIoNSBc.js",
  "/assets/shared-BsVZFoUn.js",
  "/assets/shared-CP7dhcGZ.js",
  "/assets/shared-CXe_U8y9.js",
  "/assets/shared-Cb6HS_Rr.js",
  "/assets/shared-CunSyvGA.js",
  "/assets/shared-CuogwSKO.js",
  "/assets/shared-Cv28hvGS.js",
  "/assets/shared-Di8TNU9e.js",
  "/assets/shared-LarWBA3U.js",
  "/assets/shared-ezrJgeEq.js",
  "/assets/shared-fo4aS2A1.js",
  "/assets/style-cC9i8eZp.css",
  "/assets/zh-CN-CF-NfWcN.js"
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
