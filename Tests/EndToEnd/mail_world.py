"""A mail server for flows to send to: it speaks SMTP with STARTTLS and AUTH, and keeps what it takes."""

import base64
import email
import email.policy
import queue
import socketserver
import ssl
import subprocess
import threading

NAME = "mail.test"


class MailWorld:
    """Listens on a port of loopback; its certificate is for `localhost`."""

    def __init__(self, folder, user="studio", password="", encrypts=True):
        self.user, self.password = user, password
        self.letters = queue.Queue()
        self.commands = []
        self.refused = set()
        # So many recipients are refused for the moment.
        self.busy = 0
        self.context = self.certificate = None
        if encrypts:
            self.certificate = folder / "mail.pem"
            key = folder / "mail.key"
            subprocess.run(
                ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost",
                 "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1", "-keyout", key, "-out", self.certificate],
                check=True, capture_output=True)
            self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self.context.load_cert_chain(self.certificate, key)
        self._server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Conversation)
        self._server.daemon_threads = True
        self._server.world = self
        self.port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def letter(self, timeout=20):
        """The next e-mail: envelope sender, recipients, and the message."""
        return self.letters.get(timeout=timeout)

    def stop(self):
        self._server.shutdown()
        self._server.server_close()


class _Conversation(socketserver.BaseRequestHandler):
    def handle(self):
        self.world, self.sender, self.recipients = self.server.world, None, []
        self.is_encrypted, self.is_known = False, False
        self.stream = self.request.makefile("rb")
        self.say("220 " + NAME + " ESMTP")
        while line := self.stream.readline():
            command = line.decode().rstrip("\r\n")
            self.world.commands.append(command.split(" ")[0] if command.startswith("AUTH") else command)
            if not self.answer(command):
                return

    def say(self, *lines):
        self.request.sendall("".join(line + "\r\n" for line in lines).encode())

    def answer(self, command):
        word = command.split(" ")[0].split(":")[0].upper()
        if word == "EHLO":
            offers = ["250-" + NAME]
            if self.world.context and not self.is_encrypted:
                offers.append("250-STARTTLS")
            self.say(*offers, "250-AUTH PLAIN", "250 SIZE 1000000")
        elif word == "STARTTLS":
            self.say("220 Go on")
            self.request = self.world.context.wrap_socket(self.request, server_side=True)
            self.stream = self.request.makefile("rb")
            self.is_encrypted = True
        elif word == "AUTH":
            expected = base64.b64encode(f"\0{self.world.user}\0{self.world.password}".encode()).decode()
            self.is_known = command == f"AUTH PLAIN {expected}"
            self.say("235 2.7.0 ok" if self.is_known else "535 5.7.8 no")
        elif word == "MAIL":
            self.sender = command
            self.say("250 2.1.0 Ok" if self.is_known or not self.world.password else "530 5.7.0 who are you")
        elif word == "RCPT":
            address = command.split("<")[1].split(">")[0]
            self.recipients.append(address)
            if self.world.busy:
                self.world.busy -= 1
                self.say("451 4.3.0 Try again later")
            else:
                self.say("550 5.1.1 No such user" if address in self.world.refused else "250 2.1.5 Ok")
        elif word == "DATA":
            self.say("354 Go on")
            lines = []
            while (line := self.stream.readline()) not in (b".\r\n", b""):
                lines.append(line[1:] if line.startswith(b".") else line)
            message = email.message_from_bytes(b"".join(lines), policy=email.policy.default)
            self.world.letters.put((self.sender, self.recipients, message))
            self.say("250 2.0.0 Ok: queued")
        elif word == "QUIT":
            self.say("221 Bye")
            return False
        else:
            self.say("250 Ok")
        return True
