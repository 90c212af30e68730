# The demo's mailbox: the e-mails that the provider sent.
mailbox-title = The demo's mail
mailbox-about = Here is every message that IOK ID would send to people. Nobody else gets them, and they are gone when the demo stops.
mailbox-empty = There is no message yet. Once you have done something in the service, reload this page.
mailbox-reload = Reload
mailbox-to = To
mailbox-from = From
mailbox-html = Show as HTML
mailbox-home = Go to IOK ID
