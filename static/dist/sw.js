// Keeps the page itself at hand, so that it opens without a network. What the
// school wrote is never kept here.
const cacheName = 'homeroom-5db2274ff9c0'
const files = [
  "/",
  "/icon.svg",
  "/assets/ActionSheet-CTymMToh.js",
  "/assets/AdminAudit-2grbhln4.js",
  "/assets/AdminClasses-CYgAVwMW.js",
  "/assets/AdminFigures-CFHPgSPC.js",
  "/assets/AdminReports-DZQcdUmo.js",
  "/assets/AdminTokens-CLTliYtn.js",
  "/assets/AdminUsers-4BZC6InH.js",
  "/assets/AdminView-DhQCTx2g.js",
  "/assets/ChatView-B34sFX8H.js",
  "/assets/ComposerFiles-CtWj1_pI.js",
  "/assets/CreateClassDialog-BKaW2pu7.js",
  "/assets/DetailsPanel-CjeRPQhT.js",
  "/assets/EmojiPicker-ihwweNe2.js",
  "/assets/FactorView-9FurWp2P.js",
  "/assets/JoinView-UDFK9hoj.js",
  "/assets/KeysDialog-DcTivLeA.js",
  "/assets/ManageAbout-xzIsBFWX.js",
  "/assets/ManageClassView-zOP--9t9.js",
  "/assets/ManageCodes-D6X5p8Oh.js",
  "/assets/ManageMembers-CDj8AEkA.js",
  "/assets/ManageReports-4-KxKfBS.js",
  "/assets/MessageEditor-Cjhqpvmz.js",
  "/assets/NameDialog-CpTUjMZv.js",
  "/assets/NotFoundView-N0oI--Wd.js",
  "/assets/NoticeBar-x_aiJXTj.js",
  "/assets/NoticesPanel-C68ldEiZ.js",
  "/assets/PaletteDialog-U683i3b5.js",
  "/assets/PasswordDialog-D971NsXm.js",
  "/assets/PictureDialog-CZQVjY23.js",
  "/assets/ProfileSettings-CfA_aEPT.js",
  "/assets/ReportDialog-CTVYPXma.js",
  "/assets/SessionSettings-CeVfwTCL.js",
  "/assets/SetUpView-AkadWFgp.js",
  "/assets/SettingsView-BH487mYS.js",
  "/assets/SignInView-ezrMrbyy.js",
  "/assets/TokenSettings-Tn3044UB.js",
  "/assets/VersionsDialog-CTQWeDp8.js",
  "/assets/en-gwa9mdhA.js",
  "/assets/highlight-Dv_dwV5h.js",
  "/assets/index-9F5SUZAS.js",
  "/assets/markdown-BWmWxeDx.js",
  "/assets/rolldown-runtime-XKyaHtl9.js",
  "/assets/shared-BIIBqq1c.js",
  "/assets/shared-BmqwKaeE.js",
  "/assets/shared-CLYSElqu.js",
  "/assets/shared-COoOZiud.js",
  "/assets/shared-DGlYEC_d.js",
  "/assets/shared-DUZkDlQd.js",
  "/assets/shared-Dd5iDOex.js",
  "/assets/shared-FhcIbMhe.js",
  "/assets/shared-NIlmXXtr.js",
  "/assets/shared-eVQmNBE6.js",
  "/assets/shared-fRr6cbpT.js",
  "/assets/shared-pOTzXnm9.js",
  "/assets/shared-sZA_8s_x.js",
  "/assets/style-Bvhhkql1.css",
  "/assets/zh-CN-DTWv0MtT.js"
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
