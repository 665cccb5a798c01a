// Keeps the page itself at hand, so that it opens without a network. What the
// school wrote is never kept here.
const cacheName = 'homeroom-92cca47d7970'
const files = [
  "/",
  "/icon.svg",
  "/assets/ActionSheet-DTCS6zD9.js",
  "/assets/AdminAudit-CZ9vX0hq.js",
  "/assets/AdminClasses-BfMoguzN.js",
  "/assets/AdminFigures-BCh9Aueo.js",
  "/assets/AdminReports-DIVTurd0.js",
  "/assets/AdminTokens-2cuIoYK7.js",
  "/assets/AdminUsers-hfXjWaaS.js",
  "/assets/AdminView-Bw1Y-PTn.js",
  "/assets/ChatView-D-ClqYV2.js",
  "/assets/ComposerFiles-CWC3sdc5.js",
  "/assets/CreateClassDialog-DhUkrMBM.js",
  "/assets/DetailsPanel-YdZlLNAY.js",
  "/assets/EmojiPicker-B32f6lWG.js",
  "/assets/FactorSteps-CGh0viPb.js",
  "/assets/FactorView-BcxLAHLn.js",
  "/assets/JoinView-BzgAnx9M.js",
  "/assets/KeysDialog-Cobjdi8P.js",
  "/assets/ManageAbout-D5o43Wjx.js",
  "/assets/ManageClassView-zO6dQ97m.js",
  "/assets/ManageCodes-DCWRQxHP.js",
  "/assets/ManageMembers-DHhPH58S.js",
  "/assets/ManageReports-BW8OgRfr.js",
  "/assets/MessageBody-BQlHpg51.js",
  "/assets/MessageEditor-Cw3q36Ah.js",
  "/assets/NameDialog-DlIUoAz-.js",
  "/assets/NamesField-Bs62RXj3.js",
  "/assets/NotFoundView-BNktWwyh.js",
  "/assets/NoticeBar-Z7YMYl8v.js",
  "/assets/NoticesPanel-F1GOP33z.js",
  "/assets/OverlayHost-CZ-Ohmpr.js",
  "/assets/PaletteDialog-b1osRQpn.js",
  "/assets/PasswordDialog-B_DtL9a2.js",
  "/assets/PictureDialog-4rklo1d1.js",
  "/assets/ProfileSettings-H4bZ6B7V.js",
  "/assets/ReportDialog-B5ain2l0.js",
  "/assets/ReportsPart-DBc4qx44.js",
  "/assets/RestPart-D8w3RWOn.js",
  "/assets/SessionSettings-CsAoQ7KX.js",
  "/assets/SetUpView-D1C1O4Oa.js",
  "/assets/SettingsView-H7EnzeKG.js",
  "/assets/SignInView-D-cb2h7J.js",
  "/assets/TokenRow-BMLqBISg.js",
  "/assets/TokenSettings-DPQJXjy1.js",
  "/assets/VersionsDialog-DOv_tzCe.js",
  "/assets/chevron-right-CKZhups7.js",
  "/assets/emoji-BW22gvKg.js",
  "/assets/en-DsKeAT8K.js",
  "/assets/highlight-Dv_dwV5h.js",
  "/assets/index-DtiEj6xS.js",
  "/assets/log-out-DKt0uFqB.js",
  "/assets/markdown-CIivDhv4.js",
  "/assets/roles-Cpdu9bfO.js",
  "/assets/rolldown-runtime-XKyaHtl9.js",
  "/assets/saveFile-CD1yRfsJ.js",
  "/assets/shared-BIZj6nPS.js",
  "/assets/shared-BP48Frpu.js",
  "/assets/shared-BPw2cMYQ.js",
  "/assets/shared-Bmz0qQW3.js",
  "/assets/shared-BzGS99_I.js",
  "/assets/shared-CMEZLISc.js",
  "/assets/shared-Clrqf4yF.js",
  "/assets/shared-D8Q0JIP6.js",
  "/assets/shared-DCXIFC2W.js",
  "/assets/shared-DShjLS92.js",
  "/assets/shared-DalWCiRn.js",
  "/assets/style-BDbn0w0O.css",
  "/assets/useComposition-BkWiJAJ8.js",
  "/assets/useEdits-BsfzEIMk.js",
  "/assets/useFragment-B7VpqS6C.js",
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
