-- The databases of docker-compose.yml, made when its volume is: as infra/local's Postgres makes those of the local stack.
-- A service's database, its role and the role's password all have the service's name, which is good enough for a server
-- on the loopback interface of one machine, and nowhere else. Nobody enters another one's database.
create role "order" login password 'order';
create database "order" owner "order";
revoke connect, temporary on database "order" from public;

create role "inventory" login password 'inventory';
create database "inventory" owner "inventory";
revoke connect, temporary on database "inventory" from public;

create role "payment" login password 'payment';
create database "payment" owner "payment";
revoke connect, temporary on database "payment" from public;

create role "notification" login password 'notification';
create database "notification" owner "notification";
revoke connect, temporary on database "notification" from public;
