"""The README's tour, pasted into a shell as a newcomer does."""

import json
import re
import subprocess

from private_postgres import REPOSITORY


def pasted(url):
    """The blocks of the tour: all shell of the README but the two commands at its beginning."""
    blocks = re.findall(r"```sh\n(.*?)```", (REPOSITORY / "README.md").read_text(), re.DOTALL)[1:]
    return "\n".join(blocks).replace("http://127.0.0.1:3000", url)


def test_the_tour_works_when_it_is_pasted(studio):
    # An interactive shell, since pasting is where "!" and unfinished quotes bite.
    shell = subprocess.run(
        ["bash", "--norc", "-i"], input=pasted(studio.url), cwd=REPOSITORY, capture_output=True, text=True, timeout=90,
        start_new_session=True)
    lines = shell.stdout.splitlines()
    answers = [json.loads(line) for line in lines if line.startswith("{")]
    assert answers and not [answer for answer in answers if "errors" in answer], shell.stdout + shell.stderr
    assert {"data": {"validateFlow": {"isValid": True, "problems": []}}} in answers
    ends = [line.split()[3] for line in lines if "ExecutionFinished" in line]
    assert ends == ["SUCCESS", "CANCELLED"], shell.stdout + shell.stderr
    assert len([line for line in lines if line.lstrip().startswith('{"nodeKey"')]) == 14
    assert answers[-1]["data"]["executionLogs"]["totalCount"] == 2
