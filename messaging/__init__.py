"""Messages that leave the house: outbox, channels, templates, consent."""
