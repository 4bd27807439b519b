# The sandbox of docker-compose.yml: Python with what programs import, C and C++, and the agent behind a unix socket.
# Built from the project's root; `Dockerfile` beside this file is what the docker launcher builds for itself.
FROM python:3.13-slim-trixie
RUN apt-get update -qq && apt-get install -y -qq --no-install-recommends g++ gcc libc6-dev >/dev/null \
 && rm -rf /var/lib/apt/lists/*
COPY sandboxes/images/python/requirements.txt /tmp/requirements.txt
RUN python3 -m pip install --no-cache-dir -q --root-user-action=ignore -r /tmp/requirements.txt && rm /tmp/requirements.txt
COPY sandboxes/__init__.py /opt/reward-server/sandboxes/__init__.py
COPY sandboxes/agent /opt/reward-server/sandboxes/agent
# The socket's directory: root makes sockets in it, the service (group 10001) connects, submissions may not even enter.
RUN python3 -m compileall -q /opt/reward-server \
 && install -d -o 0 -g 10001 -m 2770 /run/sandboxes
ENTRYPOINT ["python3", "-I", "-S", "-B", "-c", \
  "import sys; sys.path.insert(0, '/opt/reward-server'); from sandboxes.agent import listen; sys.path.pop(0); listen.main()"]
CMD ["/run/sandboxes"]
