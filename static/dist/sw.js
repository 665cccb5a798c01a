// Keeps the page itself at hand, so that it opens without a network. What the
// school wrote is never kept here.
const cacheName = 'homeroom-edb3bc78b775'
const files = [
  "/",
  "/icon.svg",
  "/assets/ActionSheet-BUUZcdRy.css",
  "/assets/ActionSheet-C8tZCfVj.js",
  "/assets/AdminAudit-CBhWXLZ0.js",
  "/assets/AdminAudit-DSxPJpaP.css",
  "/assets/AdminClasses-CppZSy14.css",
  "/assets/AdminClasses-RlnZM0Mu.js",
  "/assets/AdminFigures-Bk-cVwWf.css",
  "/assets/AdminFigures-CfGsRKXp.js",
  "/assets/AdminReports-avXvF5f6.js",
  "/assets/AdminTokens-DGUFYs8q.js",
  "/assets/AdminUsers-B7WyK-Zk.css",
  "/assets/AdminUsers-vRcuQaff.js",
  "/assets/AdminView-Bf0hzWQq.js",
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
  "/assets/ChatView-Dt8CEQJm.js",
  "/assets/ClassMark-BEzMiEM8.css",
  "/assets/ClassMark-Br1wWUM2.js",
  "/assets/ConfirmDialog-BzqSQ_vE.js",
  "/assets/ConfirmDialog-vvPS2p0Y.js",
  "/assets/CreateClassDialog-Dsq8Kjqa.css",
  "/assets/CreateClassDialog-fxSY3zsi.js",
  "/assets/DialogClose-DyrZOk62.js",
  "/assets/DialogTitle-CqUQeGud.js",
  "/assets/DoorFrame-C0a93xN2.js",
  "/assets/DoorFrame-sNFQE5Dv.css",
  "/assets/EmojiPicker-BLVSY1Xd.js",
  "/assets/EmojiPicker-Bc5v4HYC.css",
  "/assets/FactorSteps-BUZlTcjm.css",
  "/assets/FactorSteps-BhgEgeUd.js",
  "/assets/FactorView-CAIuo1pY.css",
  "/assets/FactorView-DS1m7EF5.js",
  "/assets/HuePicker-CmC_pLdH.js",
  "/assets/HuePicker-pRRuYA4U.css",
  "/assets/IconButton-BKtp_Ji9.js",
  "/assets/IconButton-CGRPHyvg.css",
  "/assets/JoinView-CBlGhfA4.css",
  "/assets/JoinView-CFf2SZ6r.js",
  "/assets/KeysDialog-D-2l1Uhh.js",
  "/assets/KeysDialog-m052Jv6e.css",
  "/assets/ListRow-Cvkrynlz.css",
  "/assets/ListRow-DU3XiBR1.js",
  "/assets/ManageAbout-CF7YHqcO.js",
  "/assets/ManageAbout-CoZyDU4_.css",
  "/assets/ManageClassView-CiKJNwwV.js",
  "/assets/ManageCodes-BYVzTMbJ.js",
  "/assets/ManageCodes-CGWZNA3f.css",
  "/assets/ManageMembers-BvmP7SZt.js",
  "/assets/ManageMembers-Du_8VhfA.css",
  "/assets/ManageReports-BBl4jjsj.js",
  "/assets/MessageBody-BgeVrvt9.css",
  "/assets/MessageBody-CKGR5hte.js",
  "/assets/NameDialog-DIAaSvCp.js",
  "/assets/NameDialog-SoMnoRap.css",
  "/assets/NamesField-F76jaXYH.js",
  "/assets/NamesField-Two2BJbV.css",
  "/assets/NotFoundView-DlWH-WDE.js",
  "/assets/NoticeProgress-BUq_E5DI.css",
  "/assets/NoticeProgress-B_7gdiaz.js",
  "/assets/NoticeStack-D4R6B0xF.css",
  "/assets/NoticeStack-tc5E-qkO.js",
  "/assets/NoticesPanel-BpQ-HG4h.css",
  "/assets/NoticesPanel-CAev9-6f.js",
  "/assets/OneTimeField-D5yDsonS.js",
  "/assets/OneTimeField-D_24DSm7.css",
  "/assets/PageLoad-NN2cWKV0.css",
  "/assets/PageLoad-aG-IQXu8.js",
  "/assets/PageSection-Db-sftQw.css",
  "/assets/PageSection-HoJ7K1EQ.js",
  "/assets/PaletteDialog-BXqKDyVM.js",
  "/assets/PaletteDialog-DE-H_GGv.css",
  "/assets/PasswordDialog-C4ePWV9G.css",
  "/assets/PasswordDialog-TfRmAWgy.js",
  "/assets/PasswordField-8VsT1t-F.css",
  "/assets/PasswordField-Dwx3jfGq.js",
  "/assets/PrintCards-DN81cGz6.css",
  "/assets/PrintCards-WreiCQjh.js",
  "/assets/ProfileSettings-DHVhxZ9G.js",
  "/assets/ProfileSettings-UOp92hRD.css",
  "/assets/QrCode-D-_vfcZo.js",
  "/assets/QrCode-G2EP3eX-.css",
  "/assets/QuietChip-BENlaoUp.js",
  "/assets/QuietChip-D4cbO3vv.css",
  "/assets/ReportDialog-Bku4_5sN.js",
  "/assets/ReportDialog-D0X6vwjN.css",
  "/assets/ReportsPart-CYVEvFMe.js",
  "/assets/ReportsPart-CfOKjQix.css",
  "/assets/RestPart-BXkB8D3D.css",
  "/assets/RestPart-trlR4Pnm.js",
  "/assets/SecretBox-BBLeyhWp.css",
  "/assets/SecretBox-BWr8HNs7.js",
  "/assets/SectionFrame-BGvGnjOY.css",
  "/assets/SectionFrame-C7ICtVDt.js",
  "/assets/SegmentedChoice-CTTqqJZi.js",
  "/assets/SegmentedChoice-D_rsT1T0.css",
  "/assets/SessionSettings-DTI1qFLB.js",
  "/assets/SessionSettings-kzGPaWbZ.css",
  "/assets/SetUpView-n5nlwuL1.js",
  "/assets/SettingsView-YD8wYZJc.js",
  "/assets/SignInView-BUkqsHOm.js",
  "/assets/Teleport-ZFfFTLbM.js",
  "/assets/TokenRow-1pLrYT50.js",
  "/assets/TokenRow-Dry0rvnP.css",
  "/assets/TokenSettings-B2Pajydr.css",
  "/assets/TokenSettings-fxNmoYjV.js",
  "/assets/TooltipProvider-B9RCqFpT.js",
  "/assets/VersionsDialog-BFENuOB5.js",
  "/assets/VersionsDialog-DbaVCHkD.css",
  "/assets/_plugin-vue_export-helper-BTbFxtEL.js",
  "/assets/account-CTv9PaED.js",
  "/assets/check-CAj9-g_D.js",
  "/assets/classes-B0-jW8YY.js",
  "/assets/client-CJcU73uF.js",
  "/assets/code-DOlCkP6D.js",
  "/assets/codes-D1PivPxX.js",
  "/assets/confirmation-CU-dKKf5.js",
  "/assets/connection-CrLwg8G1.js",
  "/assets/copy-CxUs_bJb.js",
  "/assets/createLucideIcon-Vl7lUsu_.js",
  "/assets/emoji-CATkllK4.js",
  "/assets/en-LFxXeDwT.js",
  "/assets/fault-CgEEqBGn.js",
  "/assets/feed-BbTcuo1v.js",
  "/assets/flag-DBsO0BI-.js",
  "/assets/highlight-Dv_dwV5h.js",
  "/assets/index-CvkP91-Q.css",
  "/assets/index-RPm7gDis.js",
  "/assets/log-out-CGqJZ3R-.js",
  "/assets/markdown-BbNNToZi.js",
  "/assets/me-jz0qIFP5.js",
  "/assets/members-CGK3IaPT.js",
  "/assets/members-CUZWsVZM.js",
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
  "/assets/reports-BDekrTjI.js",
  "/assets/roles-Cpdu9bfO.js",
  "/assets/rolldown-runtime-XKyaHtl9.js",
  "/assets/saveFile-De4e_mOl.js",
  "/assets/search-DbWSYSfh.js",
  "/assets/session-BfiT7M6U.js",
  "/assets/session-MA51CJll.js",
  "/assets/settings-C_pw5p26.js",
  "/assets/span-D1kZGgL9.js",
  "/assets/threads-DXsChgVL.js",
  "/assets/trust-DfgxyiWl.js",
  "/assets/useClock-kR2ODVjO.js",
  "/assets/useComposition-BkWiJAJ8.js",
  "/assets/useCopy-upAkmZQf.js",
  "/assets/useDates-CtshnsPv.js",
  "/assets/useFaultText-CPLzdBXG.js",
  "/assets/useForm-CWauzcIL.js",
  "/assets/useForwardExpose-cPQ6_Src.js",
  "/assets/useFragment-De86H6_Z.js",
  "/assets/useNumbers-C5VR7gcJ.js",
  "/assets/usePaged-COTi5SZ9.js",
  "/assets/usePasswordHint-zMv5B-Tj.js",
  "/assets/useReact-CZO6ekje.js",
  "/assets/useShownName-BM-TmeJ7.js",
  "/assets/users-KA4vAusB.js",
  "/assets/utils-Dhvp8xzu.js",
  "/assets/vue-BT7qAIjC.js",
  "/assets/vue-router-DKkSAuxC.js",
  "/assets/watches-CG7L5OAb.js",
  "/assets/x-BGRibZKr.js",
  "/assets/zh-CN-D_dalEzD.js"
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
