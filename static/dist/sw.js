// Keeps the page itself at hand, so that it opens without a network. What the
// school wrote is never kept here.
const cacheName = 'homeroom-151b60bb1a35'
const files = [
  "/",
  "/icon.svg",
  "/assets/ActionSheet-P15Qe-Vo.js",
  "/assets/AdminAudit-BRKIuB2e.js",
  "/assets/AdminClasses-frxx103B.js",
  "/assets/AdminFigures-B044vLi6.js",
  "/assets/AdminReports-DMQyWsQG.js",
  "/assets/AdminTokens-ZZOpm6We.js",
  "/assets/AdminUsers-Bf32jD3Y.js",
  "/assets/AdminView-z1lByhgM.js",
  "/assets/ChatView-vJvuL5nP.js",
  "/assets/ComposerFiles-sCcEF6uZ.js",
  "/assets/CreateClassDialog-D7Otw4RM.js",
  "/assets/DetailsPanel-CVC-MLQJ.js",
  "/assets/EmojiPicker-BfWNbNho.js",
  "/assets/FactorView-CtXtYZRj.js",
  "/assets/JoinView-DNQkdqn5.js",
  "/assets/KeysDialog-CorUfOE3.js",
  "/assets/ManageAbout-B0qK4tob.js",
  "/assets/ManageClassView-DQ9ZPIpY.js",
  "/assets/ManageCodes-q1Bfou1T.js",
  "/assets/ManageMembers-DBWI3SiK.js",
  "/assets/ManageReports-B1oIN0ZC.js",
  "/assets/MessageEditor-2iV8FqLv.js",
  "/assets/NameDialog-nXZymtvD.js",
  "/assets/NotFoundView-BBw3hcWK.js",
  "/assets/NoticeBar-DQyG4lI3.js",
  "/assets/NoticesPanel-DrNWNtij.js",
  "/assets/PaletteDialog-D3xkIOPw.js",
  "/assets/PasswordDialog-CScY4RO4.js",
  "/assets/PictureDialog-CAa4OsMA.js",
  "/assets/ProfileSettings-6K6kcM6h.js",
  "/assets/ReportDialog-DgE7JK2Z.js",
  "/assets/SessionSettings-kZWp38Ee.js",
  "/assets/SetUpView-MQcnGtkq.js",
  "/assets/SettingsView-CRZO5UEK.js",
  "/assets/SignInView-Bg6SbkSq.js",
  "/assets/TokenSettings-B5B3Vgkt.js",
  "/assets/VersionsDialog-BYgPvkWK.js",
  "/assets/en-DsKeAT8K.js",
  "/assets/highlight-Dv_dwV5h.js",
  "/assets/index-BnD-GpEU.js",
  "/assets/markdown-CQrLy3nK.js",
  "/assets/rolldown-runtime-XKyaHtl9.js",
  "/assets/shared-8RopLyNN.js",
  "/assets/shared-BCeMEVOC.js",
  "/assets/shared-BDQJsDV0.js",
  "/assets/shared-BLG4t8TR.js",
  "/assets/shared-BiNY-YSh.js",
  "/assets/shared-C6wOP9Lk.js",
  "/assets/shared-Co-YMj9h.js",
  "/assets/shared-CugnhYae.js",
  "/assets/shared-D98dqS_S.js",
  "/assets/shared-DFeQyRWj.js",
  "/assets/shared-DQ6NRkQH.js",
  "/assets/shared-D_1f55t3.js",
  "/assets/shared-Dlf8lKb9.js",
  "/assets/shared-pnx-Dr77.js",
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
