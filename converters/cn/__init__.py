"""Annual reports of public bodies in China: their forms, their text, whose they are."""
