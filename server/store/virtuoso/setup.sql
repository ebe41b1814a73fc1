create procedure DB.DBA.GONGKAI_PUT (in graph_iri varchar, in path varchar)
{
  declare triples, state, said any;
  state := '00000';
  exec (sprintf ('sparql clear silent graph <%s>', graph_iri), state, said);
  if (state <> '00000')
    signal (state, said);
  if (path = '')
    return 0;
  triples := dict_list_keys (
    DB.DBA.RDF_TTL2HASH (file_to_string (path), graph_iri, graph_iri, 0), 1);
  DB.DBA.RDF_INSERT_TRIPLES (graph_iri, triples, 1);
  return length (triples);
};
create procedure DB.DBA.GONGKAI_CLOSE ()
{
  declare paths any;
  paths := (select VECTOR_AGG (vector (HP_LPATH, HP_HOST, HP_LISTEN_HOST))
            from DB.DBA.HTTP_PATH where HP_LPATH <> '/sparql');
  foreach (any place in paths) do
    http_map_del (place[0], place[1], place[2]);
  delete from DB.DBA.HTTP_PATH where HP_LPATH <> '/sparql';
  update DB.DBA.SYS_USERS set U_ACCOUNT_DISABLED = 1,
    U_PASSWORD = pwd_magic_calc (U_NAME, '$password', 0) where U_NAME in ('dav', '__rdf_repl');
};
create procedure DB.DBA.GONGKAI_HOLDS ()
{
  if (not exists (select 1 from DB.DBA.SYS_KEYS where KEY_TABLE = 'DB.DBA.GONGKAI_HELD'))
    exec ('create table DB.DBA.GONGKAI_HELD (VERSION varchar)');
};
DB.DBA.GONGKAI_CLOSE ();
DB.DBA.GONGKAI_HOLDS ();
sparql clear silent graph <http://www.w3.org/ns/ldp#>;
sparql clear silent graph <http://localuriqaserver/sparql>;
sparql clear silent graph <http://www.openlinksw.com/schemas/virtrdf#>;
checkpoint;
