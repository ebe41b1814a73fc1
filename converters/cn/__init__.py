"""Annual reports of public bodies in China: their forms, their text, and the bodies they are of."""
