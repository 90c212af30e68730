# The page behind the link "it was not me" of an e-mail. Opening it changes nothing.

block-ask = Block the account?
    .what = Once it is blocked nobody can sign in to it, you included, and all devices and services are signed out.
    .next = Please press the button if it is not you who is changing the password or getting back in. The office unblocks the account once it has seen your identity document.
block-button = Yes, block the account
block-leave = No, it was me
block-blocked = The account is blocked
    .what = From now on nobody can sign in to it. All devices and services have been signed out.
    .next = Please come to your office with an identity document. Together we will see what happened, and unblock the account.
block-already-blocked = The account was blocked already
    .what = Nobody can sign in to it. There is nothing more to do here.
    .next = To have it unblocked, please come to your office with an identity document.
block-not-open = This account need not be blocked
    .what = The account is not open now, and nobody can sign in to it.
    .next = If you have questions, please turn to your office.
block-link-is-over = This link has expired
    .what = The link from the e-mail works only for some time. The account has not been blocked.
    .next = If something about the account still worries you, please call your office or come there at once. We will block the account on the spot.
block-no-link = This link is not complete
    .what = A mail program may have cut a part of it off. The account has not been blocked.
    .next = Please open the link from the e-mail once more, the whole of it, or call your office at once.
block-office = Your office
