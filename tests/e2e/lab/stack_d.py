from .courier import Courier
