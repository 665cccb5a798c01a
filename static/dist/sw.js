// Keeps the page itself at hand, so that it opens without a network. What the
// school wrote is never kept here.
const cacheName = 'homeroom-13943de0f32d'
const files = [
  "/",
  "/icon.svg",
  "/assets/ActionSheet-DjNlKjTO.js",
  "/assets/AdminAudit-NFTRFDGC.js",
  "/assets/AdminClasses-obDHT2WK.js",
  "/assets/AdminFigures-BlBonlj9.js",
  "/assets/AdminReports-BpiEBrOf.js",
  "/assets/AdminTokens-vanQrJMe.js",
  "/assets/AdminUsers-0T0Gow1P.js",
  "/assets/AdminView-B46LGsv0.js",
  "/assets/ChatView-COP3x6pj.js",
  "/assets/ComposerFiles-CUemJ8qO.js",
  "/assets/CreateClassDialog-3CdbeAfK.js",
  "/assets/DetailsPanel-DB5GhxYi.js",
  "/assets/EmojiPicker-CtFtYkh-.js",
  "/assets/FactorView-Cezjn5ye.js",
  "/assets/JoinView-BZpMZ1Ql.js",
  "/assets/KeysDialog-C156J0Da.js",
  "/assets/ManageAbout-DNeqXZ73.js",
  "/assets/ManageClassView-BKQJ_mmm.js",
  "/assets/ManageCodes-Cu8o7guh.js",
  "/assets/ManageMembers-CF6bj6H2.js",
  "/assets/ManageReports-CMYtKjn2.js",
  "/assets/MessageEditor-CJaS40HN.js",
  "/assets/NameDialog-C-1sSwO-.js",
  "/assets/NotFoundView-D7FYBS4g.js",
  "/assets/NoticeBar-BJ0vjbPq.js",
  "/assets/NoticesPanel-DrRUd8Iz.js",
  "/assets/PaletteDialog-Dn1eNnLp.js",
  "/assets/PasswordDialog-D-80XM-o.js",
  "/assets/PictureDialog-DR0piL6c.js",
  "/assets/ProfileSettings-DVltaJyq.js",
  "/assets/ReportDialog-DnRqo5xI.js",
  "/assets/SessionSettings-BCgZioB6.js",
  "/assets/SetUpView-cH6Vh000.js",
  "/assets/SettingsView-bc3QqhP3.js",
  "/assets/SignInView-Bes1HnFY.js",
  "/assets/TokenSettings-C_7PRTz8.js",
  "/assets/VersionsDialog-BANvgkqT.js",
  "/assets/en-gwa9mdhA.js",
  "/assets/highlight-Dv_dwV5h.js",
  "/assets/index-B8XEgVb0.js",
  "/assets/markdown-B29nDt8v.js",
  "/assets/rolldown-runtime-XKyaHtl9.js",
  "/assets/shared-3dcJD_fJ.js",
  "/assets/shared-BJwltzNb.js",
  "/assets/shared-BTMnmsp6.js",
  "/assets/shared-Bd5wjCAB.js",
  "/assets/shared-BfGC-SOd.js",
  "/assets/shared-Bhx1tfdT.js",
  "/assets/shared-BkXnZBIE.js",
  "/assets/shared-Blpm_IO7.js",
  "/assets/shared-CWTcqA1A.js",
  "/assets/shared-CxYrfKYJ.js",
  "/assets/shared-D4OQbDy6.js",
  "/assets/shared-DMoSaCSB.js",
  "/assets/shared-Dt-V5TOh.js",
  "/assets/style-DZor83Ko.css",
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
