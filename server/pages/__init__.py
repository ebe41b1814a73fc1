"""The pages for people: what each shows, and the blueprints of those that are no document."""
