// Keeps the page itself at hand, so that it opens without a network. What the
// school wrote is never kept here.
const cacheName = 'homeroom-537e76a0d799'
const files = [
  "/",
  "/icon.svg",
  "/assets/ActionSheet-CR8urafL.js",
  "/assets/AdminAudit-CscpY1WM.js",
  "/assets/AdminClasses-KSJRkh6U.js",
  "/assets/AdminFigures-CYq_e_rU.js",
  "/assets/AdminReports-D6j9PSK_.js",
  "/assets/AdminTokens-BX5E1LWm.js",
  "/assets/AdminUsers-DOzzMIiP.js",
  "/assets/AdminView-BKEvoTDn.js",
  "/assets/ChatView-Cx7Rqyd8.js",
  "/assets/ComposerFiles-UQ4SQofg.js",
  "/assets/CreateClassDialog-BXuCshpO.js",
  "/assets/DetailsPanel-CRu3Gf5D.js",
  "/assets/EmojiPicker-Dd4367ya.js",
  "/assets/FactorSteps-CNrJy-Hc.js",
  "/assets/FactorView-dn9NuPIe.js",
  "/assets/JoinView-DD3dxwdv.js",
  "/assets/KeysDialog-CePOZLHT.js",
  "/assets/ManageAbout-D19oKLf8.js",
  "/assets/ManageClassView-BFLqdIKQ.js",
  "/assets/ManageCodes-DElIq_u-.js",
  "/assets/ManageMembers-CRQCVtQq.js",
  "/assets/ManageReports-BdmKBcRS.js",
  "/assets/MessageBody-DLYKytMj.js",
  "/assets/MessageEditor-DuGuqRKt.js",
  "/assets/NameDialog-C06B8TF6.js",
  "/assets/NamesField-CrqA0U68.js",
  "/assets/NotFoundView-DM8yxtzs.js",
  "/assets/NoticeBar-qkdDZGsk.js",
  "/assets/NoticesPanel-1aepqgk1.js",
  "/assets/OverlayHost-CYK-qawg.js",
  "/assets/PaletteDialog-CDmNh7E2.js",
  "/assets/PasswordDialog-bMQXrSyB.js",
  "/assets/PictureDialog-Bcxn0lL-.js",
  "/assets/ProfileSettings-BZY2ZGML.js",
  "/assets/ReportDialog-ChTCcZzO.js",
  "/assets/ReportsPart-DbikvNuC.js",
  "/assets/RestPart-BfJ-wJ_D.js",
  "/assets/SessionSettings-BCavdRWo.js",
  "/assets/SetUpView-BZqbaHLv.js",
  "/assets/SettingsView-hrjnW_iH.js",
  "/assets/SignInView-Bre37EhJ.js",
  "/assets/TokenRow-BcsbN6Sy.js",
  "/assets/TokenSettings-CbSQJHJQ.js",
  "/assets/VersionsDialog-D0SudehV.js",
  "/assets/chevron-right-BpU-2JUd.js",
  "/assets/emoji-BMzV5oWq.js",
  "/assets/en-DsKeAT8K.js",
  "/assets/highlight-Dv_dwV5h.js",
  "/assets/index-CTVi0qJJ.js",
  "/assets/log-out-BkojLmX2.js",
  "/assets/markdown-B-gj2jDN.js",
  "/assets/roles-Cpdu9bfO.js",
  "/assets/rolldown-runtime-XKyaHtl9.js",
  "/assets/saveFile-CD1yRfsJ.js",
  "/assets/shared-0ckcCc1Z.js",
  "/assets/shared-9rePOGW3.js",
  "/assets/shared-B-6_r2f7.js",
  "/assets/shared-Biq1c82L.js",
  "/assets/shared-CAhqasx2.js",
  "/assets/shared-CJy_iNyW.js",
  "/assets/shared-CSvj1jU0.js",
  "/assets/shared-CkeRu5PL.js",
  "/assets/shared-CwNswHPw.js",
  "/assets/shared-CzFV-GGX.js",
  "/assets/shared-DtcHeq_1.js",
  "/assets/style-BDbn0w0O.css",
  "/assets/useComposition-BkWiJAJ8.js",
  "/assets/useEdits-BCYAUzYp.js",
  "/assets/useFragment-DimNSTjU.js",
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
