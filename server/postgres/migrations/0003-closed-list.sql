-- The console lists what each queue closed last.
create index conversation_closed on conversation (workspace, queue, closed_at desc, id desc)
  where status = 'closed';
