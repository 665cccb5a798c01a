// Requests that are tried out are believed by the session's cookie, for which
// the server asks for a header that no form of another site can send.
document.querySelector('rapi-doc').addEventListener('before-try', (event) => {
  event.detail.request.headers.set('X-Requested-With', 'homeroom')
})
