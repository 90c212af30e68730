# The console: which services learned that a session ended.

office-nav-sign-outs = Sign-outs
sign-outs-title = Notices of sign-out
sign-outs-lead = When a session ends, the services that somebody used in it are told, and sign that person out as well. A service that does not answer is told again for a day, and then no more.
sign-outs-clients = Services
sign-outs-client = Service
sign-outs-waiting = Waiting
sign-outs-delivered = Delivered
sign-outs-given-up = Given up
sign-outs-list = Not delivered: given up first, then the oldest first
sign-outs-since = Session ended
sign-outs-why = Why
sign-outs-attempts = Failed tries
sign-outs-next = Next try
sign-outs-error = Last error
sign-outs-dead = given up
sign-outs-retry = Tell it again
sign-outs-nothing = Nothing waits; every service was told.
sign-outs-notice-due = The service will be told in a moment.
sign-outs-notice-not-waiting = That service was told already.
sign-outs-notice-form-expired = The page was open for too long. Nothing was sent again.
