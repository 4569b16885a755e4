"""Mail: messages, mailboxes and archives of mailing lists."""
