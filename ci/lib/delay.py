"""A TCP proxy on loopback that delays what passes, as a distant registry does.

usage: delay.py TARGET MILLISECONDS    (TARGET: host:port; prints "listening on HOST:PORT" and runs until SIGTERM)

A round trip through the proxy takes MILLISECONDS longer, and opening a connection costs one round trip, as it does on
a real network. The proxy does not limit the throughput.
"""
import asyncio
import sys

CHUNK_BYTES = 64 * 1024


async def pump(reader, writer, delay, first_delay):
    """Copies a stream; each chunk leaves `delay` seconds after it came, in order."""
    loop = asyncio.get_running_loop()
    chunks = asyncio.Queue()

    async def deliver():
        while True:
            due, chunk = await chunks.get()
            await asyncio.sleep(max(0, due - loop.time()))
            if chunk is None:
                if writer.can_write_eof():
                    writer.write_eof()
                return
            writer.write(chunk)
            await writer.drain()

    delivery = asyncio.create_task(deliver())
    wait = first_delay
    try:
        while chunk := await reader.read(CHUNK_BYTES):
            chunks.put_nowait((loop.time() + wait, chunk))
            wait = delay
        chunks.put_nowait((loop.time() + delay, None))
        await delivery
    except OSError:
        delivery.cancel()


async def serve(target, milliseconds):
    host, port = target.rsplit(":", 1)
    one_way = milliseconds / 2000

    async def connection(client_reader, client_writer):
        try:
            server_reader, server_writer = await asyncio.open_connection(host, int(port))
        except OSError:
            client_writer.close()
            return
        try:
            await asyncio.gather(pump(client_reader, server_writer, one_way, 3 * one_way), pump(server_reader, client_writer, one_way, one_way))
        finally:
            for writer in (client_writer, server_writer):
                writer.close()

    server = await asyncio.start_server(connection, "127.0.0.1", 0, backlog=1024)
    print("listening on {}:{}".format(*server.sockets[0].getsockname()), flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    try:
        asyncio.run(serve(sys.argv[1], float(sys.argv[2])))
    except KeyboardInterrupt:
        pass
