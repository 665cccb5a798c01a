// Keeps the page itself at hand, so that it opens without a network. What the
// school wrote is never kept here.
const cacheName = 'homeroom-2d0f5e1167c7'
const files = [
  "/",
  "/icon.svg",
  "/assets/ActionSheet-BUUZcdRy.css",
  "/assets/ActionSheet-DQUb-RWo.js",
  "/assets/AdminAudit-CSEwSkiA.js",
  "/assets/AdminAudit-DSxPJpaP.css",
  "/assets/AdminClasses-Cfrvutkf.js",
  "/assets/AdminClasses-CppZSy14.css",
  "/assets/AdminFigures-B4KCwxf3.js",
  "/assets/AdminFigures-Bk-cVwWf.css",
  "/assets/AdminReports-BgoLoMwI.js",
  "/assets/AdminTokens-CAyYllPt.js",
  "/assets/AdminUsers-B7WyK-Zk.css",
  "/assets/AdminUsers-De6rmuFs.js",
  "/assets/AdminView-BsgYu--4.js",
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
  "/assets/ChatView-C7VkF7uG.css",
  "/assets/ChatView-DZykJlID.js",
  "/assets/ClassMark-BEzMiEM8.css",
  "/assets/ClassMark-Br1wWUM2.js",
  "/assets/ConfirmDialog-BzqSQ_vE.js",
  "/assets/ConfirmDialog-vvPS2p0Y.js",
  "/assets/CreateClassDialog-Cl1W8s-2.js",
  "/assets/CreateClassDialog-Dsq8Kjqa.css",
  "/assets/DialogClose-DyrZOk62.js",
  "/assets/DialogTitle-CqUQeGud.js",
  "/assets/DoorFrame-BkBfTReS.js",
  "/assets/DoorFrame-sNFQE5Dv.css",
  "/assets/EmojiPicker-Bc5v4HYC.css",
  "/assets/EmojiPicker-Dn2BJYbM.js",
  "/assets/FactorSteps-8HXB4i69.js",
  "/assets/FactorSteps-BUZlTcjm.css",
  "/assets/FactorView-CAIuo1pY.css",
  "/assets/FactorView-ZMSMcgb0.js",
  "/assets/HuePicker-CmC_pLdH.js",
  "/assets/HuePicker-pRRuYA4U.css",
  "/assets/IconButton-BKtp_Ji9.js",
  "/assets/IconButton-CGRPHyvg.css",
  "/assets/JoinView-BaAWCdwV.js",
  "/assets/JoinView-CBlGhfA4.css",
  "/assets/KeysDialog-D-2l1Uhh.js",
  "/assets/KeysDialog-m052Jv6e.css",
  "/assets/ListRow-Cvkrynlz.css",
  "/assets/ListRow-DU3XiBR1.js",
  "/assets/ManageAbout-5ovN_jMm.js",
  "/assets/ManageAbout-CoZyDU4_.css",
  "/assets/ManageClassView-BeGKj4kH.js",
  "/assets/ManageCodes-CGWZNA3f.css",
  "/assets/ManageCodes-yivQbmr9.js",
  "/assets/ManageMembers-BHm96dYY.js",
  "/assets/ManageMembers-Du_8VhfA.css",
  "/assets/ManageReports-BDPBqeBi.js",
  "/assets/MessageBody-BgeVrvt9.css",
  "/assets/MessageBody-Bi5oAkDT.js",
  "/assets/NameDialog-DIAaSvCp.js",
  "/assets/NameDialog-SoMnoRap.css",
  "/assets/NamesField-F76jaXYH.js",
  "/assets/NamesField-Two2BJbV.css",
  "/assets/NotFoundView-CcXAzDWj.js",
  "/assets/NoticeProgress-BOoYb8CL.js",
  "/assets/NoticeProgress-BUq_E5DI.css",
  "/assets/NoticeStack-CKL7ZhiT.js",
  "/assets/NoticeStack-D4R6B0xF.css",
  "/assets/NoticesPanel-BpQ-HG4h.css",
  "/assets/NoticesPanel-bYyD2psQ.js",
  "/assets/OneTimeField-D5yDsonS.js",
  "/assets/OneTimeField-D_24DSm7.css",
  "/assets/PageLoad-NN2cWKV0.css",
  "/assets/PageLoad-aG-IQXu8.js",
  "/assets/PageSection-Db-sftQw.css",
  "/assets/PageSection-HoJ7K1EQ.js",
  "/assets/PaletteDialog-BxsEa2JJ.js",
  "/assets/PaletteDialog-DE-H_GGv.css",
  "/assets/PasswordDialog-C4ePWV9G.css",
  "/assets/PasswordDialog-TfRmAWgy.js",
  "/assets/PasswordField-8VsT1t-F.css",
  "/assets/PasswordField-Dwx3jfGq.js",
  "/assets/PrintCards-DN81cGz6.css",
  "/assets/PrintCards-WreiCQjh.js",
  "/assets/ProfileSettings-B5fmr2mD.js",
  "/assets/ProfileSettings-UOp92hRD.css",
  "/assets/QrCode-D-_vfcZo.js",
  "/assets/QrCode-G2EP3eX-.css",
  "/assets/QuietChip-BENlaoUp.js",
  "/assets/QuietChip-D4cbO3vv.css",
  "/assets/ReportDialog-Bs5yKhrC.js",
  "/assets/ReportDialog-D0X6vwjN.css",
  "/assets/ReportsPart-CfOKjQix.css",
  "/assets/ReportsPart-MAKyRpAY.js",
  "/assets/RestPart-BXkB8D3D.css",
  "/assets/RestPart-trlR4Pnm.js",
  "/assets/SecretBox-BBLeyhWp.css",
  "/assets/SecretBox-BWr8HNs7.js",
  "/assets/SectionFrame-BGvGnjOY.css",
  "/assets/SectionFrame-GKgnlT0-.js",
  "/assets/SegmentedChoice-CTTqqJZi.js",
  "/assets/SegmentedChoice-D_rsT1T0.css",
  "/assets/SessionSettings-BcEtIwSm.js",
  "/assets/SessionSettings-kzGPaWbZ.css",
  "/assets/SetUpView-Bx_w1UB5.js",
  "/assets/SettingsView-c9hOUg86.js",
  "/assets/SignInView-Hp7AMQDE.js",
  "/assets/Teleport-ZFfFTLbM.js",
  "/assets/TokenRow-B44mKpwD.js",
  "/assets/TokenRow-Dry0rvnP.css",
  "/assets/TokenSettings-B2Pajydr.css",
  "/assets/TokenSettings-Dv3w1atP.js",
  "/assets/TooltipProvider-B9RCqFpT.js",
  "/assets/VersionsDialog-DDFj1OEx.js",
  "/assets/VersionsDialog-DbaVCHkD.css",
  "/assets/_plugin-vue_export-helper-BTbFxtEL.js",
  "/assets/account-DNE13pRw.js",
  "/assets/check-CAj9-g_D.js",
  "/assets/classes-DSRnjVNl.js",
  "/assets/client-CJcU73uF.js",
  "/assets/code-DOlCkP6D.js",
  "/assets/codes-D1PivPxX.js",
  "/assets/confirmation-CU-dKKf5.js",
  "/assets/connection-CrLwg8G1.js",
  "/assets/copy-CxUs_bJb.js",
  "/assets/createLucideIcon-Vl7lUsu_.js",
  "/assets/emoji-FOnAMpgc.js",
  "/assets/en-ibS5Zusk.js",
  "/assets/fault-CgEEqBGn.js",
  "/assets/feed-Dtpqmdqo.js",
  "/assets/flag-DBsO0BI-.js",
  "/assets/highlight-Dv_dwV5h.js",
  "/assets/index-CEVqzh-w.js",
  "/assets/index-CvkP91-Q.css",
  "/assets/log-out-CGqJZ3R-.js",
  "/assets/markdown-BbNNToZi.js",
  "/assets/me-jz0qIFP5.js",
  "/assets/members-CUZWsVZM.js",
  "/assets/members-DmcvRqPf.js",
  "/assets/messages-BiMzkFvr.js",
  "/assets/names-BAxbs_gD.css",
  "/assets/names-FZlALLD_.js",
  "/assets/notes-A5khOmGX.js",
  "/assets/outbox-BjO5CdSg.js",
  "/assets/ownPath-Cfr2QDBZ.js",
  "/assets/pages-D-Ca6UNO.js",
  "/assets/pencil-BHjVHQXh.js",
  "/assets/people-DbLeMj4-.js",
  "/assets/pinia-CXcN3Akx.js",
  "/assets/report-Dul4DU1L.js",
  "/assets/reports-_SXVSSwn.js",
  "/assets/roles-Cpdu9bfO.js",
  "/assets/rolldown-runtime-XKyaHtl9.js",
  "/assets/saveFile-De4e_mOl.js",
  "/assets/search-DbWSYSfh.js",
  "/assets/session-D9buMpM7.js",
  "/assets/session-MA51CJll.js",
  "/assets/settings-DTp8gi-w.js",
  "/assets/span-D1kZGgL9.js",
  "/assets/threads-Cv_DcQ44.js",
  "/assets/trust-DfgxyiWl.js",
  "/assets/useClock-kR2ODVjO.js",
  "/assets/useComposition-BkWiJAJ8.js",
  "/assets/useCopy-upAkmZQf.js",
  "/assets/useDates-wezFiiLk.js",
  "/assets/useFaultText-CPLzdBXG.js",
  "/assets/useForm-D2Hb1uoB.js",
  "/assets/useForwardExpose-cPQ6_Src.js",
  "/assets/useFragment-De86H6_Z.js",
  "/assets/useNumbers-CkmpiZJ9.js",
  "/assets/usePaged-COTi5SZ9.js",
  "/assets/usePasswordHint-zMv5B-Tj.js",
  "/assets/useReact-ChmflIUb.js",
  "/assets/useShownName-BM-TmeJ7.js",
  "/assets/users-KA4vAusB.js",
  "/assets/utils-Dhvp8xzu.js",
  "/assets/vue-BT7qAIjC.js",
  "/assets/vue-router-DKkSAuxC.js",
  "/assets/watches-CG7L5OAb.js",
  "/assets/x-BGRibZKr.js",
  "/assets/zh-CN-DdQYihke.js"
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
