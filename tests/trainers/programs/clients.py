"""Clients of other systems' own packages against the server whose URL is the argument; prints what each of them saw."""

import asyncio
import json
import os
import sys

URL, TOKEN = sys.argv[1], sys.argv[2]
os.environ["OPENREWARD_SESSION_URL"] = URL
os.environ["OPENREWARD_API_URL"] = URL
os.environ["OPENREWARD_URL"] = URL
SEEN = {}


def sandbox_fusion() -> None:
    import sandbox_fusion as client

    client.set_sandbox_endpoint(URL)
    right = client.run_code(client.RunCodeRequest(code="print(input())", language="python", stdin="hi"))
    loop = client.run_code(client.RunCodeRequest(code="while 1: pass", language="python", run_timeout=0.3))
    files = {"a.txt": "eW8="}
    kept = client.run_code(
        client.RunCodeRequest(
            code="open('a.txt','a').write('!')", language="python", files=files, fetch_files=["a.txt"]
        )
    )
    SEEN["sandbox_fusion"] = [right.run_result.stdout, str(loop.run_result.status.value), kept.files]


def judge0() -> None:
    import judge0

    client = judge0.Client(endpoint=URL, headers={"X-Auth-Token": TOKEN})
    python = {"client": client, "language": judge0.PYTHON}
    one = judge0.run(**python, source_code="print(input())", stdin="hi", expected_output="hi")
    cases = [judge0.TestCase("2", "4"), judge0.TestCase("3", "7")]
    several = judge0.run(**python, source_code="print(int(input()) * 2)", test_cases=cases)
    compiled = judge0.run(
        client=client,
        source_code="#include <iostream>\nint main(){std::cout<<1;}",
        language=judge0.CPP,
        expected_output="1",
    )
    SEEN["judge0"] = [str(one.status), [str(each.status) for each in several], str(compiled.status)]


async def piston() -> None:
    from pyston import File, PystonClient

    client = PystonClient(base_url=f"{URL}/api/v2/piston/")
    output = await client.execute("python", [File("print(input())")], stdin="hi")
    SEEN["piston"] = output.run_stage.output
    await client.close_session()


async def openenv() -> None:
    from openenv.core import GenericEnvClient

    async with GenericEnvClient(base_url=URL) as client:
        seen = []
        for answer in ("4", "5"):
            begun = await client.reset(seed=0)
            told = await client.step({"response": answer})
            seen.append([begun.observation["question"], told.reward, told.done])
        SEEN["openenv"] = seen


async def ors() -> None:
    from openreward import AsyncOpenReward

    client = AsyncOpenReward(api_key=TOKEN)
    environment = client.environments.get(name="mine")
    tasks = await environment.list_tasks(split="train")
    seen = []
    for answer in ("4", "5"):
        async with environment.session(task=tasks[0]) as session:
            prompt = await session.get_prompt()
            told = await session.call_tool("submit", {"answer": answer})
            seen.append([prompt[0].text, told.reward, told.finished])
    SEEN["ors"] = seen


for each in (sandbox_fusion, judge0):
    each()
for each in (piston, openenv, ors):
    asyncio.run(each())
sys.stdout.write(json.dumps(SEEN) + "\n")
