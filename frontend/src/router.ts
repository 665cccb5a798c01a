import { createRouter, createWebHistory, type RouteLocationNormalized } from 'vue-router'
import { again } from './again'
import { useSession } from './stores/session'
import { ownPath } from './text/ownPath'

declare module 'vue-router' {
  interface RouteMeta {
    /** Open without a session. */
    open?: boolean
    admin?: boolean
    /** Key of the page's title. */
    title?: string
  }
}

const chat = again(() => import('./views/ChatView.vue'))

export const router = createRouter({
  history: createWebHistory(),
  routes: [
    { path: '/', name: 'home', component: chat },
    { path: '/c/:class(\\d+)', name: 'class', component: chat },
    { path: '/c/:class(\\d+)/t/:thread(\\d+)', name: 'thread', component: chat },
    { path: '/c/:class(\\d+)/t/:thread(\\d+)/m/:message(\\d+)', name: 'message', component: chat },

    { path: '/sign-in', name: 'sign-in', component: again(() => import('./views/SignInView.vue')), meta: { open: true, title: 'signIn.title' } },
    { path: '/setup', name: 'setup', component: again(() => import('./views/SetUpView.vue')), meta: { open: true, title: 'setUp.title' } },
    // For both: who has no account signs up with the code, who has one joins.
    // The code comes behind "#", where no server and no log sees it.
    { path: '/join', name: 'join', component: again(() => import('./views/JoinView.vue')), meta: { open: true, title: 'join.title' } },

    // Where an admin is led who has no second factor yet.
    { path: '/second-factor', name: 'second-factor', component: again(() => import('./views/FactorView.vue')), meta: { title: 'factor.title' } },

    {
      path: '/settings',
      component: again(() => import('./views/SettingsView.vue')),
      meta: { title: 'settings.title' },
      children: [
        { path: '', name: 'settings', component: again(() => import('./views/ProfileSettings.vue')) },
        { path: 'sessions', name: 'settings-sessions', component: again(() => import('./views/SessionSettings.vue')) },
        { path: 'tokens', name: 'settings-tokens', component: again(() => import('./views/TokenSettings.vue')) },
      ],
    },
    {
      path: '/c/:class(\\d+)/manage',
      component: again(() => import('./views/ManageClassView.vue')),
      meta: { title: 'manageClass.title' },
      children: [
        { path: '', name: 'manage-class', component: again(() => import('./views/ManageMembers.vue')) },
        { path: 'codes', name: 'manage-codes', component: again(() => import('./views/ManageCodes.vue')) },
        { path: 'reports', name: 'manage-reports', component: again(() => import('./views/ManageReports.vue')) },
        { path: 'about', name: 'manage-about', component: again(() => import('./views/ManageAbout.vue')) },
      ],
    },
    {
      path: '/admin',
      component: again(() => import('./views/AdminView.vue')),
      meta: { admin: true, title: 'admin.title' },
      redirect: { name: 'admin-users' },
      children: [
        { path: 'users', name: 'admin-users', component: again(() => import('./views/AdminUsers.vue')) },
        { path: 'classes', name: 'admin-classes', component: again(() => import('./views/AdminClasses.vue')) },
        { path: 'reports', name: 'admin-reports', component: again(() => import('./views/AdminReports.vue')) },
        { path: 'tokens', name: 'admin-tokens', component: again(() => import('./views/AdminTokens.vue')) },
        { path: 'figures', name: 'admin-figures', component: again(() => import('./views/AdminFigures.vue')) },
        { path: 'log', name: 'admin-audit', component: again(() => import('./views/AdminAudit.vue')) },
      ],
    },

    { path: '/:rest(.*)*', name: 'not-found', component: again(() => import('./views/NotFoundView.vue')), meta: { open: true, title: 'notFound.title' } },
  ],
})

/** Who may see a page, and where to go instead. */
export async function guard(to: RouteLocationNormalized) {
  const session = useSession()
  if (!session.known) await session.load()
  if (session.user) {
    if (session.unready) return to.name === 'second-factor' || { name: 'second-factor', query: to.fullPath === '/' ? {} : { next: to.name === 'sign-in' ? ownPath(to.query.next) : to.fullPath } }
    if (to.name === 'second-factor') return ownPath(to.query.next)
    if (to.meta.admin && !session.isAdmin) return { name: 'home' }
    if (to.name === 'sign-in') return ownPath(to.query.next)
    return true
  }
  if (to.meta.open) return true
  return { name: 'sign-in', query: to.fullPath === '/' ? {} : { next: to.fullPath } }
}

router.beforeEach(guard)
