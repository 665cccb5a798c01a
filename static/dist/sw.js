// Keeps the page itself at hand, so that it opens without a network. What the
// school wrote is never kept here.
const cacheName = 'homeroom-718c9ba250b7'
const files = [
  "/",
  "/icon.svg",
  "/assets/ActionSheet-BwuMskdZ.js",
  "/assets/AdminAudit-Bqn2XZz2.js",
  "/assets/AdminClasses-DimpFCDp.js",
  "/assets/AdminFigures-ouAQJdYN.js",
  "/assets/AdminReports-XhwytECg.js",
  "/assets/AdminTokens-4Pdoc0-D.js",
  "/assets/AdminUsers-UGXgVl1O.js",
  "/assets/AdminView-B2SgSpVO.js",
  "/assets/ChatView-B0V-kfsL.js",
  "/assets/ComposerFiles-Dqgkex0-.js",
  "/assets/CreateClassDialog-DQYRgMWY.js",
  "/assets/DetailsPanel-BMasfYdu.js",
  "/assets/EmojiPicker-D-a7vORJ.js",
  "/assets/FactorSteps-CqIbExI5.js",
  "/assets/FactorView-Sho4ApG1.js",
  "/assets/JoinView-Ds0Yh90S.js",
  "/assets/KeysDialog-B3Pz8Z2e.js",
  "/assets/ManageAbout-BlL0KYKS.js",
  "/assets/ManageClassView-BvDSHNHE.js",
  "/assets/ManageCodes-5XV6Af9Q.js",
  "/assets/ManageMembers-D41mZ_7i.js",
  "/assets/ManageReports-BVqGL_TY.js",
  "/assets/MessageBody-CeQenEOn.js",
  "/assets/MessageEditor-CLZWgP0t.js",
  "/assets/NameDialog-C44MQ3iF.js",
  "/assets/NamesField-qfTCMLRz.js",
  "/assets/NotFoundView-CDYySVl8.js",
  "/assets/NoticeBar-eDDxTP_G.js",
  "/assets/NoticesPanel-BPdm6Qr6.js",
  "/assets/OverlayHost-BC6gXcbK.js",
  "/assets/PaletteDialog-s6w8FaWl.js",
  "/assets/PasswordDialog-DqkLqShC.js",
  "/assets/PictureDialog-D-FVkBWU.js",
  "/assets/ProfileSettings-DZ1iOadp.js",
  "/assets/ReportDialog-3RMlCOOq.js",
  "/assets/ReportsPart-DDWLI9BY.js",
  "/assets/RestPart-DvgPFuV0.js",
  "/assets/SessionSettings-pKnhZrDH.js",
  "/assets/SetUpView-P4Big0lS.js",
  "/assets/SettingsView-Uapw4C3R.js",
  "/assets/SignInView-DAroCi9w.js",
  "/assets/TokenRow-Cio8skLX.js",
  "/assets/TokenSettings-Cp53uBHS.js",
  "/assets/VersionsDialog-3FjsLZrJ.js",
  "/assets/chevron-right-BpY1CLQs.js",
  "/assets/emoji-UXMvbzPP.js",
  "/assets/en-DsKeAT8K.js",
  "/assets/highlight-Dv_dwV5h.js",
  "/assets/index-doOaNBT9.js",
  "/assets/log-out-DCdcsF4T.js",
  "/assets/markdown-DLJxEGH2.js",
  "/assets/roles-Cpdu9bfO.js",
  "/assets/rolldown-runtime-XKyaHtl9.js",
  "/assets/saveFile-CD1yRfsJ.js",
  "/assets/shared-61BhMM7W.js",
  "/assets/shared-B08Mp9rd.js",
  "/assets/shared-BcoP7zod.js",
  "/assets/shared-CCEtj7_o.js",
  "/assets/shared-CWL6JDF-.js",
  "/assets/shared-CnV01gag.js",
  "/assets/shared-DYXG_9xG.js",
  "/assets/shared-ZonyHRUa.js",
  "/assets/shared-cJreWmUm.js",
  "/assets/shared-skTtrXIi.js",
  "/assets/shared-woeJhAD8.js",
  "/assets/style-D3gx_1Oz.css",
  "/assets/useComposition-BkWiJAJ8.js",
  "/assets/useEdits-CE85J-Ac.js",
  "/assets/useFragment-BEyjh1hk.js",
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
