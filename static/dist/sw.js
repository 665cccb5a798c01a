// Keeps the page itself at hand, so that it opens without a network. What the
// school wrote is never kept here.
const cacheName = 'homeroom-655c844f8986'
const files = [
  "/",
  "/icon.svg",
  "/assets/ActionSheet-Bm27iTOH.css",
  "/assets/ActionSheet-CVxWm1yk.js",
  "/assets/AdminAudit-D9SnRY6u.css",
  "/assets/AdminAudit-DFHum0pQ.js",
  "/assets/AdminClasses-CkVmrWCe.js",
  "/assets/AdminClasses-CppZSy14.css",
  "/assets/AdminFigures-Bk-cVwWf.css",
  "/assets/AdminFigures-hjH0v3Ip.js",
  "/assets/AdminReports-CDMRSa2v.js",
  "/assets/AdminTokens-BA9xmNu9.js",
  "/assets/AdminUsers-k-MChSQb.js",
  "/assets/AdminUsers-tjG_fFgO.css",
  "/assets/AdminView-CQh2axVG.js",
  "/assets/BaseAvatar-Cp6M2uip.js",
  "/assets/BaseAvatar-gHS_GWHE.css",
  "/assets/BaseButton-D6RCVQpD.js",
  "/assets/BaseButton-qgQ3EzYW.css",
  "/assets/BaseCheckbox-6kyWVbUk.css",
  "/assets/BaseCheckbox-Cvq8zVxq.js",
  "/assets/BaseDialog-BGLLpQrC.css",
  "/assets/BaseDialog-B_ohJ4md.js",
  "/assets/BaseEmpty-BNIiowUf.css",
  "/assets/BaseEmpty-CUan-_m3.js",
  "/assets/BaseField-CE_uwIEw.css",
  "/assets/BaseField-kxxQhO5Z.js",
  "/assets/BaseMenu-C4TjvcWK.css",
  "/assets/BaseMenu-DHe7ikVS.js",
  "/assets/BaseNotice-DAxEQ3E7.js",
  "/assets/BaseNotice-PdCMtaHM.css",
  "/assets/BaseSelect-B-5bTrRR.css",
  "/assets/BaseSelect-C1On3W4-.js",
  "/assets/BaseSkeleton-De3DuBDm.js",
  "/assets/BaseSkeleton-v7B4HN3u.css",
  "/assets/ChatView-DSsHMnyJ.css",
  "/assets/ChatView-SXgJw2yW.js",
  "/assets/ClassMark-BEzMiEM8.css",
  "/assets/ClassMark-Br1wWUM2.js",
  "/assets/ConfirmDialog-BzqSQ_vE.js",
  "/assets/ConfirmDialog-vvPS2p0Y.js",
  "/assets/CreateClassDialog-Ds6CCu9c.js",
  "/assets/CreateClassDialog-Dsq8Kjqa.css",
  "/assets/DialogClose-DyrZOk62.js",
  "/assets/DialogTitle-CqUQeGud.js",
  "/assets/DoorFrame-Dk3A6BPW.js",
  "/assets/DoorFrame-sNFQE5Dv.css",
  "/assets/EmojiPicker-Bc5v4HYC.css",
  "/assets/EmojiPicker-DUZGUhXq.js",
  "/assets/HuePicker-CmC_pLdH.js",
  "/assets/HuePicker-pRRuYA4U.css",
  "/assets/IconButton-BKtp_Ji9.js",
  "/assets/IconButton-CGRPHyvg.css",
  "/assets/JoinView-CBlGhfA4.css",
  "/assets/JoinView-DlLzhDkX.js",
  "/assets/KeysDialog-D-2l1Uhh.js",
  "/assets/KeysDialog-m052Jv6e.css",
  "/assets/ListRow-Cvkrynlz.css",
  "/assets/ListRow-DU3XiBR1.js",
  "/assets/ManageAbout-B0xnG4MD.js",
  "/assets/ManageAbout-CoZyDU4_.css",
  "/assets/ManageClassView-BzNrGAmo.js",
  "/assets/ManageCodes-BjxP_rUY.css",
  "/assets/ManageCodes-CzzyryUt.js",
  "/assets/ManageMembers-BQ-iFpkX.css",
  "/assets/ManageMembers-yv594c-U.js",
  "/assets/ManageReports-Dp7dfSGs.js",
  "/assets/MessageBody-BgeVrvt9.css",
  "/assets/MessageBody-Bogc4_mB.js",
  "/assets/NameDialog-DIAaSvCp.js",
  "/assets/NameDialog-SoMnoRap.css",
  "/assets/NamesField-F76jaXYH.js",
  "/assets/NamesField-Two2BJbV.css",
  "/assets/NotFoundView-BJm-P8fg.js",
  "/assets/NoticeProgress-BUq_E5DI.css",
  "/assets/NoticeProgress-D6tW1O8S.js",
  "/assets/NoticeStack-CYAE5IIc.js",
  "/assets/NoticeStack-D4R6B0xF.css",
  "/assets/NoticesPanel-Bjz-nfUp.js",
  "/assets/NoticesPanel-BpQ-HG4h.css",
  "/assets/PageLoad-NN2cWKV0.css",
  "/assets/PageLoad-aG-IQXu8.js",
  "/assets/PageSection-Db-sftQw.css",
  "/assets/PageSection-HoJ7K1EQ.js",
  "/assets/PaletteDialog-BMG34BgB.js",
  "/assets/PaletteDialog-DE-H_GGv.css",
  "/assets/PasswordDialog-C4ePWV9G.css",
  "/assets/PasswordDialog-D64EEwsm.js",
  "/assets/PasswordField-8VsT1t-F.css",
  "/assets/PasswordField-Dwx3jfGq.js",
  "/assets/ProfileSettings-CrQl7FTW.css",
  "/assets/ProfileSettings-D1v5O4sB.js",
  "/assets/QuietChip-BENlaoUp.js",
  "/assets/QuietChip-D4cbO3vv.css",
  "/assets/ReportDialog-D0X6vwjN.css",
  "/assets/ReportDialog-aIOemw9v.js",
  "/assets/ReportsPart-CqFqVHgt.css",
  "/assets/ReportsPart-D2FspBj1.js",
  "/assets/RestPart-BXkB8D3D.css",
  "/assets/RestPart-wATSfxOw.js",
  "/assets/SecretBox-BBLeyhWp.css",
  "/assets/SecretBox-BWr8HNs7.js",
  "/assets/SectionFrame-BGvGnjOY.css",
  "/assets/SectionFrame-oSqjYSx6.js",
  "/assets/SegmentedChoice-CTTqqJZi.js",
  "/assets/SegmentedChoice-D_rsT1T0.css",
  "/assets/SessionSettings-CHLSxnAP.js",
  "/assets/SessionSettings-D5cI-JSV.css",
  "/assets/SetUpView-Dy5vUYpL.js",
  "/assets/SettingsView-sl74ZMcf.js",
  "/assets/SignInView-DB2Jp_mm.js",
  "/assets/Teleport-ZFfFTLbM.js",
  "/assets/TokenRow-Dry0rvnP.css",
  "/assets/TokenRow-oOGRTLWI.js",
  "/assets/TokenSettings-B2Pajydr.css",
  "/assets/TokenSettings-C0P0yByc.js",
  "/assets/TooltipProvider-B9RCqFpT.js",
  "/assets/VersionsDialog-7bDfk3fg.css",
  "/assets/VersionsDialog-BlNU2iky.js",
  "/assets/_plugin-vue_export-helper-BTbFxtEL.js",
  "/assets/account-BkTXwedA.js",
  "/assets/check-CAj9-g_D.js",
  "/assets/classes-CSaNqiR3.js",
  "/assets/client-mfV4Y48C.js",
  "/assets/code-C1Vq61xb.js",
  "/assets/codes-DX6JlX3r.js",
  "/assets/confirmation-C9RP9tUl.js",
  "/assets/connection-CrLwg8G1.js",
  "/assets/copy-CxUs_bJb.js",
  "/assets/createLucideIcon-Vl7lUsu_.js",
  "/assets/emoji-Ci35CIU8.js",
  "/assets/en-nBrkNyrc.js",
  "/assets/fault-CgEEqBGn.js",
  "/assets/feed-C5xyuLAM.js",
  "/assets/figures-yCMTVRJr.js",
  "/assets/flag-DBsO0BI-.js",
  "/assets/highlight-Dv_dwV5h.js",
  "/assets/index-BBzwEqcF.js",
  "/assets/index-CvkP91-Q.css",
  "/assets/log-out-CGqJZ3R-.js",
  "/assets/markdown-BbNNToZi.js",
  "/assets/me-J3ZEgwQ_.js",
  "/assets/members-DUyzOb42.js",
  "/assets/members-DiaDwp02.js",
  "/assets/messages-DE_Ejw9_.js",
  "/assets/names-BAxbs_gD.css",
  "/assets/names-FZlALLD_.js",
  "/assets/notes-A5khOmGX.js",
  "/assets/outbox-BB_Jkmh1.js",
  "/assets/ownPath-Cfr2QDBZ.js",
  "/assets/pencil-BHjVHQXh.js",
  "/assets/people-B23bOyBD.js",
  "/assets/pinia-CXcN3Akx.js",
  "/assets/report-Dul4DU1L.js",
  "/assets/reports-DkIgibFA.js",
  "/assets/roles-Cpdu9bfO.js",
  "/assets/rolldown-runtime-XKyaHtl9.js",
  "/assets/search-DbWSYSfh.js",
  "/assets/session-Dt7JmUuP.js",
  "/assets/session-JvRc2khi.js",
  "/assets/settings-Df6OZvTr.js",
  "/assets/span-D1kZGgL9.js",
  "/assets/threads-cVI1HOnp.js",
  "/assets/tokens-DcJ2yTOD.js",
  "/assets/trust-DfgxyiWl.js",
  "/assets/useClock-kR2ODVjO.js",
  "/assets/useComposition-BkWiJAJ8.js",
  "/assets/useCopy-upAkmZQf.js",
  "/assets/useDates-c6RBD3VS.js",
  "/assets/useFaultText-CPLzdBXG.js",
  "/assets/useForm-BFasRQas.js",
  "/assets/useForwardExpose-cPQ6_Src.js",
  "/assets/useFragment-De86H6_Z.js",
  "/assets/useNumbers-CRsG8BrO.js",
  "/assets/usePaged-COTi5SZ9.js",
  "/assets/usePasswordHint-Cav56T82.js",
  "/assets/useReact-CO-DmOSK.js",
  "/assets/users-Dg9SySv6.js",
  "/assets/utils-Dhvp8xzu.js",
  "/assets/vue-BT7qAIjC.js",
  "/assets/vue-router-DKkSAuxC.js",
  "/assets/watches-CG7L5OAb.js",
  "/assets/x-BGRibZKr.js",
  "/assets/zh-CN-Gi2TWg1L.js"
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
