"""The pages for people: the data that each shows, and the blueprints of special pages."""
