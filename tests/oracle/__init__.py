"""The oracle: a second implementation of what ByteBasket's documents promise, made from the documents alone.

It takes the raw requests that were acknowledged and works out every answer from the whole set at the end. Nothing is
restated, merged or kept in windows while events come in, which is where the mistakes that it looks for would be.
"""
