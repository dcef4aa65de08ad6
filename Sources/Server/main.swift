import ArgumentParser
import AsyncHTTPClient
import Configuration
import Hummingbird
import Logging
import ServiceLifecycle
print("placeholder")
