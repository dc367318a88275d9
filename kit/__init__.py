"""The teaching kit, made from the built book: slides, a hand-out, notebooks, points to give, data, the book as a zip.

It stands above `secondlook`, which knows the paper, and `bookpress`, which knows the build; neither knows of it.
"""
