"""What messages do about what happens elsewhere: notifications go by e-mail and SMS too, for those who want them there."""

from core import notifications
from messaging.services.delivery import route

notifications.deliver_with(route)
