import { server, take } from './client'

export const read = () => take(server.GET('/stats'))
