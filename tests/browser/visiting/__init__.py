"""What the browser tests share: visits and what went on in them, kinds of pages."""
