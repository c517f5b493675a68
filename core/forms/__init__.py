"""Forms of the frame: fields and widgets that read and show values the person's way, and the base form."""
