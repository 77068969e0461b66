import { createServer } from "node:http";
import { Server } from "socket.io";

/**
 * The yardstick: the least a relay over Socket.IO can do and still acknowledge. It decides nothing,
 * keeps nothing and checks nobody. Same transport settings as Parley's server.
 */
const http = createServer();
const io = new Server(http, {
  transports: ["websocket"],
  serveClient: false,
  perMessageDeflate: false,
  httpCompression: false,
});

type Said = { room: string; text: string };

io.on("connection", (socket) => {
  void socket.join(socket.handshake.auth.rooms as string[]);
  socket.on("hello", (_hello: unknown, answer: (welcome: object) => void) => answer({ ok: true }));
  socket.on("say", (said: Said, acknowledge: (answer: object) => void) => {
    socket.to(said.room).emit("said", said);
    acknowledge({ ok: true });
  });
});

http.listen(Number(process.env.PORT), "127.0.0.1", () => process.stdout.write("Ready\n"));
