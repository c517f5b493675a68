"""Calendar files after RFC 5545: written for invitations and feeds, read for imports. Plain functions, no database."""
