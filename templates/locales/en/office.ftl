# The office's console: the frame of every page, and the page where staff land.

office-skip = Skip to the content
office-nav = Parts of the console
office-role-clerk = clerk
office-role-supervisor = supervisor
office-role-administrator = administrator
office-role-auditor = auditor
office-nav-home = Start

office-home-title = Office console
office-home-greeting = Good day, { $name }
office-home-places = What you can do here
office-guessing-noticed = Somebody is guessing passwords of many accounts. Limits for unknown devices are tighter until it is over; people on devices of their own sign in as always.
office-few-codes = { $number ->
        [0] No recovery code is left. Please ask an administrator for a new second factor while your phone still works.
        [one] One recovery code is left. Please ask an administrator for a new second factor while your phone still works.
       *[other] Only { $number } recovery codes are left.
    }
