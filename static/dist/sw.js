// Keeps the page itself at hand, so that it opens without a network. What the
// school wrote is never kept here.
const cacheName = 'homeroom-0ae9e17d6013'
const files = [
  "/",
  "/icon.svg",
  "/assets/ActionSheet-BQmjiGsF.js",
  "/assets/ActionSheet-BUUZcdRy.css",
  "/assets/AdminAudit-DSxPJpaP.css",
  "/assets/AdminAudit-q_vegOk4.js",
  "/assets/AdminClasses-CppZSy14.css",
  "/assets/AdminClasses-ue33YO18.js",
  "/assets/AdminFigures-Bk-cVwWf.css",
  "/assets/AdminFigures-CLX-1fgG.js",
  "/assets/AdminReports-CfV5r36d.js",
  "/assets/AdminTokens-BfGbKRha.js",
  "/assets/AdminUsers-BZqAy56T.js",
  "/assets/AdminUsers-Dfm9-TtI.css",
  "/assets/AdminView-Byn1R2NI.js",
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
  "/assets/ChatView-BYQzU5bP.js",
  "/assets/ChatView-C7VkF7uG.css",
  "/assets/ClassMark-BEzMiEM8.css",
  "/assets/ClassMark-Br1wWUM2.js",
  "/assets/ConfirmDialog-BzqSQ_vE.js",
  "/assets/ConfirmDialog-vvPS2p0Y.js",
  "/assets/CreateClassDialog-Dsq8Kjqa.css",
  "/assets/CreateClassDialog-hod-6SIF.js",
  "/assets/DialogClose-DyrZOk62.js",
  "/assets/DialogTitle-CqUQeGud.js",
  "/assets/DoorFrame-Cj3Loa7e.js",
  "/assets/DoorFrame-sNFQE5Dv.css",
  "/assets/EmojiPicker-Bc5v4HYC.css",
  "/assets/EmojiPicker-DwuIb2qS.js",
  "/assets/HuePicker-CmC_pLdH.js",
  "/assets/HuePicker-pRRuYA4U.css",
  "/assets/IconButton-BKtp_Ji9.js",
  "/assets/IconButton-CGRPHyvg.css",
  "/assets/JoinView-CBlGhfA4.css",
  "/assets/JoinView-DZ9SzSQI.js",
  "/assets/KeysDialog-D-2l1Uhh.js",
  "/assets/KeysDialog-m052Jv6e.css",
  "/assets/ListRow-Cvkrynlz.css",
  "/assets/ListRow-DU3XiBR1.js",
  "/assets/ManageAbout-CoZyDU4_.css",
  "/assets/ManageAbout-rNWK0Arq.js",
  "/assets/ManageClassView-DfP33kS8.js",
  "/assets/ManageCodes-BjxP_rUY.css",
  "/assets/ManageCodes-w8QMfcp_.js",
  "/assets/ManageMembers-Du_8VhfA.css",
  "/assets/ManageMembers-I3d4t_pL.js",
  "/assets/ManageReports-D_qN147Z.js",
  "/assets/MessageBody-BgeVrvt9.css",
  "/assets/MessageBody-ZjdGwj05.js",
  "/assets/NameDialog-DIAaSvCp.js",
  "/assets/NameDialog-SoMnoRap.css",
  "/assets/NamesField-F76jaXYH.js",
  "/assets/NamesField-Two2BJbV.css",
  "/assets/NotFoundView-yfkpXRds.js",
  "/assets/NoticeProgress-BUq_E5DI.css",
  "/assets/NoticeProgress-CfBVSUDJ.js",
  "/assets/NoticeStack-B94RA96v.js",
  "/assets/NoticeStack-D4R6B0xF.css",
  "/assets/NoticesPanel-2HIPcsKq.js",
  "/assets/NoticesPanel-BpQ-HG4h.css",
  "/assets/PageLoad-NN2cWKV0.css",
  "/assets/PageLoad-aG-IQXu8.js",
  "/assets/PageSection-Db-sftQw.css",
  "/assets/PageSection-HoJ7K1EQ.js",
  "/assets/PaletteDialog-D8vU5486.js",
  "/assets/PaletteDialog-DE-H_GGv.css",
  "/assets/PasswordDialog-C4ePWV9G.css",
  "/assets/PasswordDialog-D64EEwsm.js",
  "/assets/PasswordField-8VsT1t-F.css",
  "/assets/PasswordField-Dwx3jfGq.js",
  "/assets/ProfileSettings-C_bgrwou.js",
  "/assets/ProfileSettings-UOp92hRD.css",
  "/assets/QuietChip-BENlaoUp.js",
  "/assets/QuietChip-D4cbO3vv.css",
  "/assets/ReportDialog-CgWYFtEE.js",
  "/assets/ReportDialog-D0X6vwjN.css",
  "/assets/ReportsPart-CdCIICKb.js",
  "/assets/ReportsPart-CfOKjQix.css",
  "/assets/RestPart-BXkB8D3D.css",
  "/assets/RestPart-CqzKouLa.js",
  "/assets/SecretBox-BBLeyhWp.css",
  "/assets/SecretBox-BWr8HNs7.js",
  "/assets/SectionFrame-BGvGnjOY.css",
  "/assets/SectionFrame-DE7cRq2n.js",
  "/assets/SegmentedChoice-CTTqqJZi.js",
  "/assets/SegmentedChoice-D_rsT1T0.css",
  "/assets/SessionSettings-CmipLAGK.js",
  "/assets/SessionSettings-D5cI-JSV.css",
  "/assets/SetUpView-BQLk21J0.js",
  "/assets/SettingsView-Bchf3MyG.js",
  "/assets/SignInView-bqtLoL2Z.js",
  "/assets/Teleport-ZFfFTLbM.js",
  "/assets/TokenRow-Dry0rvnP.css",
  "/assets/TokenRow-Ni57LXcP.js",
  "/assets/TokenSettings-B2Pajydr.css",
  "/assets/TokenSettings-C4WZlg-4.js",
  "/assets/TooltipProvider-B9RCqFpT.js",
  "/assets/VersionsDialog-BUk_XzkV.js",
  "/assets/VersionsDialog-DbaVCHkD.css",
  "/assets/_plugin-vue_export-helper-BTbFxtEL.js",
  "/assets/account-DcZuQJ4G.js",
  "/assets/check-CAj9-g_D.js",
  "/assets/classes-rs-KuXc9.js",
  "/assets/client-mfV4Y48C.js",
  "/assets/code-C1Vq61xb.js",
  "/assets/codes-DX6JlX3r.js",
  "/assets/confirmation-C9RP9tUl.js",
  "/assets/connection-CrLwg8G1.js",
  "/assets/copy-CxUs_bJb.js",
  "/assets/createLucideIcon-Vl7lUsu_.js",
  "/assets/emoji-CXrl7pm9.js",
  "/assets/en-DvXwKWcg.js",
  "/assets/fault-CgEEqBGn.js",
  "/assets/feed-lefApIHX.js",
  "/assets/figures-yCMTVRJr.js",
  "/assets/flag-DBsO0BI-.js",
  "/assets/highlight-Dv_dwV5h.js",
  "/assets/index-CvkP91-Q.css",
  "/assets/index-Czh8khv_.js",
  "/assets/log-out-CGqJZ3R-.js",
  "/assets/markdown-BbNNToZi.js",
  "/assets/me-B88TvKCq.js",
  "/assets/members-DAqACutp.js",
  "/assets/members-DiaDwp02.js",
  "/assets/messages-DE_Ejw9_.js",
  "/assets/names-BAxbs_gD.css",
  "/assets/names-FZlALLD_.js",
  "/assets/notes-A5khOmGX.js",
  "/assets/outbox-BB_Jkmh1.js",
  "/assets/ownPath-Cfr2QDBZ.js",
  "/assets/pencil-BHjVHQXh.js",
  "/assets/people-BgNwELlY.js",
  "/assets/pinia-CXcN3Akx.js",
  "/assets/report-Dul4DU1L.js",
  "/assets/reports-BMp5xY5v.js",
  "/assets/roles-Cpdu9bfO.js",
  "/assets/rolldown-runtime-XKyaHtl9.js",
  "/assets/saveFile-De4e_mOl.js",
  "/assets/search-DbWSYSfh.js",
  "/assets/session-Dt7JmUuP.js",
  "/assets/session-LT8iTUCZ.js",
  "/assets/settings-B9Elqgb5.js",
  "/assets/span-D1kZGgL9.js",
  "/assets/threads-BlWd_pEg.js",
  "/assets/tokens-CcelVZe0.js",
  "/assets/trust-DfgxyiWl.js",
  "/assets/useClock-kR2ODVjO.js",
  "/assets/useComposition-BkWiJAJ8.js",
  "/assets/useCopy-upAkmZQf.js",
  "/assets/useDates-BUfEw5Nm.js",
  "/assets/useFaultText-CPLzdBXG.js",
  "/assets/useForm-GELdMt4p.js",
  "/assets/useForwardExpose-cPQ6_Src.js",
  "/assets/useFragment-De86H6_Z.js",
  "/assets/useNumbers-DbOqppvf.js",
  "/assets/usePaged-COTi5SZ9.js",
  "/assets/usePasswordHint-Cav56T82.js",
  "/assets/useReact-CB3x7I9l.js",
  "/assets/useShownName-BM-TmeJ7.js",
  "/assets/users-Dm7y9V6w.js",
  "/assets/utils-Dhvp8xzu.js",
  "/assets/vue-BT7qAIjC.js",
  "/assets/vue-router-DKkSAuxC.js",
  "/assets/watches-CG7L5OAb.js",
  "/assets/x-BGRibZKr.js",
  "/assets/zh-CN-hDgGgbvT.js"
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
